import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ChangeList } from './change-list.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { mayEdit } from './may-edit.ts';
import { discardChanges } from './going-live.ts';

/** What the draft does otherwise than the version that is live, and the ways on from there. */
export default function ChangesDialog() {
  const desk = useDesk();
  const version = useEditor(({ published }) => published?.version);
  const changes = useEditor((state) => state.changes) ?? [];
  const may = useEditor(mayEdit);
  const close = () => {
    desk.store.setState({ open: undefined });
    desk.focus('graph');
  };
  const discard = () => {
    close();
    void discardChanges(desk);
  };
  return (
    <Dialog
      open
      onClose={close}
      title={`Changes since version ${version ?? ''}`}
      says={`They are in the draft only. What is live stays as it is until ${may ? 'you publish' : 'an editor publishes'}.`}
      foot={
        !may ? (
          <Button onClick={close}>Close</Button>
        ) : (
          <>
            <Button tone="danger" disabled={changes.length === 0} onClick={discard}>
              Discard changes
            </Button>
            <span className="grow" />
            <Button onClick={close}>Close</Button>
            <Button tone="primary" onClick={() => desk.store.setState({ open: undefined, isPublishOpen: true })}>
              Publish
            </Button>
          </>
        )
      }
    >
      <ChangeList changes={changes} />
    </Dialog>
  );
}
