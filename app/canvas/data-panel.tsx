import { X } from 'lucide-react';
import { useMemo } from 'react';
import type { RunStep } from '../api/run-shapes.ts';
import { isOver } from '../api/run-over.ts';
import { portNames } from '../inspector/port-names.ts';
import { StepData } from '../inspector/step-data.tsx';
import { isFor, mayRun } from '../commands/command.ts';
import { waitWords } from '../inspector/wait-words.ts';
import { IconButton } from '../ui/button.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { commandById } from './commands/editor-commands.ts';
import { mayEdit } from './may-edit.ts';
import { chosenKey } from './editing.ts';
import { IterationBar } from './iteration-bar.tsx';
import { PinTools } from './pin-tools.tsx';
import { cameAfter, chooseTurn, shownOf, shownStep } from './shown-step.ts';
import './Editor.css';
import './data-panel.css';

/** The data of the chosen node in the run that is shown. */
export default function DataPanel() {
  const desk = useDesk();
  const { store } = desk;
  const key = useEditor(({ selection }) => chosenKey(selection));
  const shown = useEditor((state) => state.shown);
  const document = useEditor(({ history }) => history.document);
  const catalogue = useEditor((state) => state.catalogue);
  const run = commandById('run.start');
  const canRun = useEditor((state) => mayEdit(state) || (isFor(state.role, run) && mayRun(run, desk)));
  const turn = useEditor((state) => state.turn);
  const { step, turns } = useMemo(
    () => (key === undefined ? shownStep([], undefined) : shownOf({ shown, turn }, key)),
    [shown, turn, key],
  );
  const inside = step ? (
    <>
      {shown?.run && turns.length > 0 && (
        <IterationBar
          turns={turns}
          step={step}
          run={shown.run.id}
          show={({ key: of, path }) => store.setState(chooseTurn({ shown }, of, path))}
        />
      )}
      {step.status === 'waiting' && <p className="small t2 data-waits">{waitWords(step, shown?.waits)}</p>}
      <StepData key={step.id} run={shown?.id ?? ''} step={step} ports={portNames(document, catalogue, step.key)} />
    </>
  ) : (
    <p className="empty">
      {key !== undefined && cameAfter(key, shown)
        ? 'This node was added after this run. Run again to see its data.'
        : whyEmpty(key, shown?.steps, shown !== undefined && !(shown.run && isOver(shown.run)), canRun)}
    </p>
  );
  return (
    <section className="data-room" aria-label="Data of the node" data-keys="own">
      <div className="data-hide">
        <IconButton
          label="Hide the data"
          keys="Shift+D"
          size="sm"
          onClick={() => store.setState({ isDataOpen: false })}
        >
          <X className="i i-14" aria-hidden />
        </IconButton>
      </div>
      {key === undefined ? (
        inside
      ) : (
        <PinTools key={key} node={key}>
          {inside}
        </PinTools>
      )}
    </section>
  );
}

function whyEmpty(
  key: string | undefined,
  steps: readonly RunStep[] | undefined,
  isGoing: boolean,
  canRun: boolean,
): string {
  if (!steps)
    return canRun
      ? 'Run it once to see what goes in and out of each node.'
      : 'Open one of its runs to see what went in and out of each node.';
  if (key === undefined) return 'Choose a node to see what went in and out.';
  return isGoing ? 'This node has not run yet.' : 'This node did not run in this run.';
}
