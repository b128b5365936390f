import { useEffect } from 'react';
import { hasAway } from '../../flow/facts/away.ts';
import { NeedView } from '../inspector/run-needs.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useDesk, useEditor } from './desk-context.tsx';

/** What the run on the canvas waits for a person to say, as the run's own screen and the inbox ask it; goes once all is answered. */
export default function AnswerRun({ close }: { close: () => void }) {
  const desk = useDesk();
  const shown = useEditor((state) => state.shown);
  const catalogue = useEditor((state) => state.catalogue);
  const needs = shown?.run?.needs ?? [];
  const isDone = needs.length === 0;
  const leave = () => {
    close();
    desk.focus('graph');
  };
  useEffect(() => {
    if (isDone) leave();
  });
  if (!shown || isDone) return null;
  return (
    <Dialog
      open
      onClose={leave}
      title="This run waits for an answer"
      startsOn="dialog"
      foot={<Button onClick={leave}>Close</Button>}
    >
      {needs.map((need, index) => {
        const step = shown.steps.findLast(({ key, path }) => `${key}${path}` === need.step);
        const [input] = Object.values(step?.input ?? {});
        return (
          <NeedView
            key={`${need.step}${index}`}
            run={shown.id}
            need={need}
            document={shown.document}
            catalogue={catalogue}
            items={input && !hasAway(input) ? input : undefined}
          />
        );
      })}
    </Dialog>
  );
}
