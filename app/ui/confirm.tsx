import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface ConfirmProps {
  readonly open: boolean;
  readonly title: string;
  /** What follows, and whether it can be taken back. */
  readonly says: string;
  /** The verb that does it, and the one that leaves things as they are. */
  readonly act: string;
  readonly keep: string;
  readonly busy?: boolean;
  readonly onAct: () => void;
  readonly onClose: () => void;
}

/** Asks before what cannot be undone; for everything else there is a toast with Undo. */
export const Confirm = ({ open, title, says, act, keep, busy = false, onAct, onClose }: ConfirmProps) => (
  <Dialog
    open={open}
    onClose={onClose}
    title={title}
    says={says}
    foot={
      <>
        <Button onClick={onClose}>{keep}</Button>
        <Button tone="primary" busy={busy} onClick={onAct}>
          {act}
        </Button>
      </>
    }
  />
);
