import { Confirm } from '../ui/confirm.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { turnOff } from './going-live.ts';

/** Asks before a live workflow is turned off. */
export default function TurnOff() {
  const desk = useDesk();
  const name = useEditor(({ history }) => history.document.name);
  const close = () => {
    desk.store.setState({ open: undefined });
    desk.focus('graph');
  };
  return (
    <Confirm
      open
      title={`Turn off ${name}?`}
      says="Its webhooks, forms and schedules stop. Runs under way go on; what waits for its turn is cancelled. You can turn it on again."
      act="Turn off"
      keep="Leave it on"
      onAct={() => {
        close();
        void turnOff(desk);
      }}
      onClose={close}
    />
  );
}
