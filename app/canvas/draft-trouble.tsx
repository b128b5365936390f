import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { settleClash } from './saving.ts';

/** Why the draft is not stored, what is kept, and the choice that only a person can make. */
export function DraftTrouble() {
  const { store, save } = useDesk();
  const trouble = useEditor(({ draft }) => draft.trouble);
  if (!trouble || trouble.kind === 'away') return null;
  return (
    <div className="note-bar" data-state="doubt" role="alert" style={{ margin: 8 }}>
      <Mark state="doubt" />
      {trouble.kind === 'refused' ? (
        <div>
          <b>The draft was not saved.</b> {trouble.message} It is kept in this browser.{' '}
          <Button size="sm" onClick={() => void save()}>
            Try again
          </Button>
        </div>
      ) : (
        <div>
          <b>Somebody else changed the same things.</b> {trouble.refused.map(({ message }) => message).join(' ')}{' '}
          Nothing is overwritten by itself.{' '}
          <span className="row" style={{ marginTop: 6 }}>
            <Button size="sm" onClick={() => settleClash(store, 'ours')}>
              Keep mine
            </Button>
            <Button size="sm" onClick={() => settleClash(store, 'theirs')}>
              Take theirs
            </Button>
          </span>
        </div>
      )}
    </div>
  );
}
