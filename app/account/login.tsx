import { leaveTo } from '../host/place.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Redirect, useLocation, useSearchParams } from 'wouter';
import { logIn, setupQuery, startOidc } from '../api/accounts.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { DoorCard } from './door-card.tsx';
import { providerTrouble } from './provider-trouble.ts';
import { emailTrouble, trouble } from './trouble.tsx';

/** Who comes in, by whichever way. Afterwards one is where one wanted to go (`?to=`); who is in already goes there at once. */
export default function Login() {
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const client = useQueryClient();
  // Whether one is in is asked anew: a session may have ended since.
  const setup = useQuery({ ...setupQuery, staleTime: 0 });
  const to = ownPath(search.get('to'));
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  const enter = useMutation({
    mutationFn: () => logIn({ email, password }),
    onSuccess: () => {
      client.clear();
      navigate(to, { replace: true });
    },
  });
  const leave = useMutation({
    mutationFn: (provider: string) => startOidc(provider, to),
    onSuccess: ({ url }) => leaveTo(url),
  });
  if (setup.data?.needed) return <Redirect to="/setup" replace />;
  if (setup.data?.known && !setup.isFetching && !enter.isPending && !enter.isSuccess)
    return <Redirect to={to} replace />;
  const submit = () => {
    setAsked(true);
    if (!emailTrouble(email) && password !== '') enter.mutate();
  };
  return (
    <DoorCard title="Log in" says="To the Heddle on this server." onSubmit={submit}>
      <TextField
        label="E-mail"
        type="email"
        autoComplete="username"
        autoFocus
        required
        value={email}
        onChange={(e) => setEmail(e.target.value)}
        error={asked ? emailTrouble(email) : undefined}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(e) => setPassword(e.target.value)}
        error={asked && password === '' ? 'Enter your password.' : undefined}
      />
      {trouble(enter.error ?? leave.error ?? providerTrouble(search.get('error')))}
      <Button tone="primary" size="lg" type="submit" busy={enter.isPending}>
        Log in
      </Button>
      {setup.data?.providers.map(({ id, name }) => (
        <Button key={id} size="lg" busy={leave.isPending} onClick={() => leave.mutate(id)}>
          Continue with {name}
        </Button>
      ))}
    </DoorCard>
  );
}

/** Only an address of ours: `//elsewhere` is another site's. */
const ownPath = (wanted: string | null): string => (wanted && /^\/(?![/\\])/.test(wanted) ? wanted : '/');
