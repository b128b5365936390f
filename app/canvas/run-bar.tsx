import { Square, X } from 'lucide-react';
import { commandById } from '../commands/editor-commands.ts';
import { isOver } from '../inspector/following.ts';
import { duration } from '../inspector/figures.ts';
import { statusMarks, statusWords } from '../inspector/status-words.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { CommandButton } from './command-button.tsx';
import { useDesk, useEditor } from './desk-context.tsx';

/** The run that lies over the canvas: how it stands, and the ways to stop it, open it or take it off. */
export function RunBar() {
  const desk = useDesk();
  const shown = useEditor((state) => state.shown);
  if (!shown) return null;
  const { run } = shown;
  const isGoing = !run || !isOver(run);
  return (
    <div className="float runbar" role="status">
      <Mark state={run ? statusMarks[run.status] : 'queued'} small />
      <b>{run ? statusWords[run.status] : 'Starting'}</b>
      {run?.durationMs != null && <span className="t3 num">{duration(run.durationMs)}</span>}
      {run?.error && (
        <span className="t2 cut" style={{ maxWidth: 280 }} title={run.error.message}>
          {run.error.message}
        </span>
      )}
      <Button size="sm" tone="quiet" onClick={() => void commandById('run.open').run(desk)}>
        Open
      </Button>
      {isGoing ? (
        <Button size="sm" tone="quiet" onClick={() => void commandById('run.cancel').run(desk)}>
          <Square className="i i-12" aria-hidden />
          Stop
        </Button>
      ) : (
        <CommandButton id="run.hide" size="sm">
          <X className="i i-12" aria-hidden />
        </CommandButton>
      )}
    </div>
  );
}
