import { useState } from 'react';
import { changePassword } from '../api/accounts.ts';
import { passwordTrouble } from '../account/trouble.tsx';
import { chooseTheme, useTheme } from '../ui/theme.ts';
import { Button } from '../ui/button.tsx';
import { toFirstWrong } from '../ui/first-wrong.ts';
import { TextField } from '../ui/field.tsx';
import { Segment } from '../ui/segment.tsx';
import { toast } from '../ui/toast.ts';
import { Part, useChange } from './part.tsx';
import type { PartProps } from './part.tsx';
import './you.css';

const themes = [
  { value: 'light', title: 'Light' },
  { value: 'dark', title: 'Dark' },
  { value: 'system', title: 'As the system' },
] as const;

/** What is yours alone. */
export function You({ me }: PartProps) {
  const theme = useTheme();
  return (
    <div>
      <Part title="Appearance" says="In this browser.">
        <div>
          <Segment label="Light or dark" value={theme} options={themes} onChange={chooseTheme} />
        </div>
      </Part>
      <Part title="Password" says={`Of ${me.email ?? 'this key'}. Changing it ends your other sessions.`}>
        <PasswordForm />
      </Part>
    </div>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [asked, setAsked] = useState(false);
  const change = useChange(
    'me',
    'The password was not changed',
    () => changePassword(current, next),
    () => {
      setCurrent('');
      setNext('');
      setAsked(false);
      toast({ title: 'The password is changed' });
    },
  );
  return (
    <form
      className="col gap-14 password-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        toFirstWrong(event.currentTarget);
        if (current !== '' && !passwordTrouble(next)) change.mutate(undefined);
      }}
    >
      <TextField
        label="Current password"
        type="password"
        autoComplete="current-password"
        value={current}
        error={asked && current === '' ? 'Enter your current password.' : undefined}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        value={next}
        error={asked ? passwordTrouble(next) : undefined}
        onChange={(event) => setNext(event.target.value)}
      />
      <div>
        <Button type="submit" busy={change.isPending}>
          Change it
        </Button>
      </div>
    </form>
  );
}
