import { X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { isObject } from '../../flow/document/json.ts';
import { commandById } from './commands/editor-commands.ts';
import { isOver } from '../api/run-over.ts';
import { duration } from '../ui/figures.ts';
import { statusMarks, statusWords } from '../inspector/status-words.ts';
import { useMay } from '../api/role.ts';
import { whenThere } from '../ui/when-there.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { CommandButton } from './command-button.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { select } from './editing.ts';
import { mayEdit } from './may-edit.ts';
import { momentOf, wholeMoment } from '../ui/when.ts';
import type { ShownRun } from './editor-state.ts';
import { usedWords } from './used-data.ts';
import './run-bar.css';

const AnswerRun = lazy(whenThere(() => import('./answer-run.tsx')));

/** The run that lies over the canvas: how it stands, and the ways to open it or take it off. It is stopped where it was begun: by the bar's button. */
export function RunBar() {
  const desk = useDesk();
  const shown = useEditor((state) => state.shown);
  const used = useEditor((state) => state.usedRun);
  const may = useEditor(mayEdit);
  if (!shown)
    return used === undefined ? null : (
      <div className="float runbar" role="status">
        <UsedRun />
      </div>
    );
  const { run } = shown;
  const empty = emptyStart(shown);
  const isGoing = !run || !isOver(run);
  return (
    <div className="float runbar" role="status">
      <Mark state={run ? statusMarks[run.status] : 'queued'} small />
      <b>{run ? statusWords[run.status] : 'Starting'}</b>
      {run?.durationMs != null && <span className="t3 num">{duration(run.durationMs)}</span>}
      {run && (
        <span className="t3 num wide" title={wholeMoment(run.startedAt)}>
          {momentOf(run.startedAt)}
        </span>
      )}
      {run?.error && run.status !== 'cancelled' && (
        <span className="t2 cut run-error" title={run.error.message}>
          {run.error.message}
        </span>
      )}
      {used !== undefined && <UsedRun />}
      {may && empty !== undefined && (
        <Button
          size="sm"
          tone="quiet"
          title="Nobody called the trigger, so the run began with one empty item. Try it with a test call or the form, or pin data."
          onClick={() => select(desk.store, { nodes: new Set([empty]) })}
        >
          Began with an empty call
        </Button>
      )}
      {run && <Answer key={run.id} isAsked={run.needs.length > 0} />}
      <Button size="sm" tone="quiet" onClick={() => void commandById('run.open').run(desk)}>
        Open
      </Button>
      {!isGoing && (
        <CommandButton id="run.hide" size="sm">
          <X className="i i-12" aria-hidden />
        </CommandButton>
      )}
    </div>
  );
}

/** The way to say what the run waits for, without leaving what is drawn. What was opened closes by itself, and says where the focus goes. */
function Answer({ isAsked }: { isAsked: boolean }) {
  const mayAnswer = useMay('operator');
  const [isOpen, setOpen] = useState(false);
  if (!mayAnswer) return null;
  return (
    <>
      {isAsked && (
        <Button size="sm" tone="primary" onClick={() => setOpen(true)}>
          Answer
        </Button>
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <AnswerRun close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Triggers that come with data of whoever calls them. */
const called = new Set(['start.webhook', 'start.form', 'start.called']);

/** The trigger that was run by hand without anything that it could have been called with: calls that came have headers at least. */
function emptyStart({ steps, document }: ShownRun): string | undefined {
  const first = steps.find(
    ({ key, type, status }) => status === 'finished' && called.has(type) && !document.pins?.[key],
  );
  const items = Object.values(first?.output ?? {}).flat();
  return items.length === 1 && isEmptyCall(items[0]) ? first?.key : undefined;
}

const isEmptyCall = (item: unknown): boolean =>
  isEmpty(item) || (isObject(item) && isEmpty(item['headers']) && isEmpty(item['body'] ?? {}));

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0;

/** Whose data every try starts with, and the way to let it go. */
function UsedRun() {
  const desk = useDesk();
  const used = useEditor((state) => state.usedRun) ?? '';
  const words = useEditor(usedWords);
  return (
    <span className="chip used-run">
      <span className="cut" title={`${words} (${used})`}>
        {words}
      </span>
      <button
        type="button"
        aria-label="Stop using the data of this run"
        onClick={() => void commandById('run.clear-data').run(desk)}
      >
        <X className="i i-12" aria-hidden />
      </button>
    </span>
  );
}
