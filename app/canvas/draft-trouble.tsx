import { Link } from 'wouter';
import { toLogin } from '../host/place.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { complain } from './desk.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { mayEdit } from './may-edit.ts';
import './draft-trouble.css';

/** Why the draft is not stored, what is kept, and the way to the choice that only a person can make. */
export function DraftTrouble() {
  const desk = useDesk();
  const trouble = useEditor(({ draft }) => draft.trouble);
  const isKeptLocally = useEditor((state) => state.isKeptLocally);
  const may = useEditor(mayEdit);
  if (!may || !trouble || (trouble.kind === 'away' && isKeptLocally)) return null;
  const tryAgain = () => void desk.save().catch((error: unknown) => complain(desk, 'It was not saved.', error));
  return (
    <div className="note-bar draft-trouble" data-state="doubt" role="alert">
      <Mark state="doubt" />
      {trouble.kind === 'clash' ? (
        <div>
          <b>The same things were changed elsewhere</b>, by somebody else or in another tab. Nothing is saved until you
          choose what to keep.{' '}
          <Button size="sm" onClick={() => desk.store.setState({ isClashOpen: true })}>
            Choose
          </Button>
        </div>
      ) : (
        <div>
          <b>The draft was not saved.</b> {trouble.message}{' '}
          {isKeptLocally
            ? 'It is kept in this browser.'
            : 'This browser has no room to keep it: leave this tab open until it is saved.'}{' '}
          {trouble.kind === 'refused' && trouble.isLoggedOut ? (
            <Link className="btn sm" href={toLogin()}>
              Log in
            </Link>
          ) : (
            <Button size="sm" onClick={tryAgain}>
              Try again
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
