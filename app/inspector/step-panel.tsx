import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { SquarePen } from 'lucide-react';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { membersQuery } from '../api/accounts.ts';
import { useMay } from '../api/role.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import type { Run } from '../../flow/contract/run.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { runsQuery } from '../api/runs.ts';
import { NodeIcon } from '../graph/node-icon.tsx';
import { State } from '../ui/mark.tsx';
import { markOf, wordOf } from '../ui/run-state.ts';
import { count, clock } from '../ui/figures.ts';
import { effectsOf } from '../../flow/facts/effects.ts';
import { hasAway } from '../../flow/facts/away.ts';
import { triesAgainAt } from '../../flow/facts/waits.ts';
import type { Waits } from '../../flow/facts/waits.ts';
import { withinCalendar } from '../../flow/values/calendar.ts';
import { editorPlace } from './editor-place.ts';
import { isOver } from '../api/run-over.ts';
import { heldTo, isSummedUp } from './iterations.ts';
import { titleOf } from './need-words.ts';
import { whyCancelled } from './news-of.ts';
import { turnWords } from './path-words.ts';
import { portNames } from './port-names.ts';
import { NeedView } from './run-needs.tsx';
import { sourceOf } from './sources.ts';
import { isKept, timesOf, tookOf } from './step-bars.ts';
import { stepMark, stepWord } from './status-words.ts';
import { StepData } from './step-data.tsx';
import type { Spot } from './step-data.tsx';
import './step-panel.css';

interface StepPanelProps {
  readonly run: Run;
  readonly step: RunStep | undefined;
  readonly steps: readonly RunStep[];
  readonly facts: readonly StoredFact[];
  readonly waits: Waits | undefined;
  readonly document: Workflow | undefined;
  readonly catalogue: Catalogue | undefined;
  readonly spot: Spot | undefined;
  readonly choose: (id: string, spot?: Spot) => void;
  /** The iteration that is looked at, and the way to another. */
  readonly turn: string | undefined;
  readonly showTurn: (turn: string | undefined) => void;
  /** What stands at its edge. */
  readonly children?: ReactNode;
}

/** One step: what it is, what it waits for, and what went in and out of it. */
export function StepPanel(props: StepPanelProps) {
  const { run, step, steps, facts, waits, document, catalogue, spot, choose, turn, showTurn, children } = props;
  const place = step && `${step.key}${step.path}`;
  const own = useMemo(() => facts.filter((fact) => step && isAbout(fact, step)), [facts, step]);
  const effects = useMemo(() => (step ? effectsOf(own, step) : []), [own, step]);
  const needs = run.needs.filter((need) => need.step === place);
  const others = run.needs.filter((need) => need.step !== place);
  const [input] = step ? Object.values(step.input) : [];
  const members = useQuery({ ...membersQuery, enabled: run.status === 'cancelled' });
  const cancelled = whyCancelled(facts, (id) => members.data?.find((member) => member.id === id)?.name);
  return (
    <aside className="panel run-step" aria-label="Step">
      {children}
      {cancelled && <p className="note-bar">{cancelled}</p>}
      {!step && !cancelled && (
        <p className="empty">{run.status === 'queued' ? 'It waits in the queue.' : 'Nothing has run yet.'}</p>
      )}
      {step && <StepHead run={run} step={step} waits={waits} document={document} catalogue={catalogue} />}
      {others.length > 0 && (
        <OtherNeeds needs={others} document={document} catalogue={catalogue} choose={choose} steps={steps} />
      )}
      {needs.map((need, index) => (
        <NeedView
          key={`${need.step}${index}`}
          run={run.id}
          need={need}
          document={document}
          catalogue={catalogue}
          items={input && !hasAway(input) ? input : undefined}
        />
      ))}
      {step?.type === 'control.call' && <Children run={run.id} step={step} />}
      {step && (
        <StepData
          key={`${step.id} ${spot?.tab ?? ''} ${spot?.item ?? ''}`}
          step={heldStep(step, turn)}
          run={run.id}
          ports={portNames(document, catalogue, step.key)}
          showTurn={showTurn}
          notKept={notKept(run, step, steps, turn)}
          effects={effects}
          facts={own}
          {...(spot ? { spot } : {})}
          sourceOf={(port, item) => {
            const source = document && catalogue && sourceOf({ document, catalogue, steps }, step, port, item);
            return (
              source && {
                says: `from item ${count(source.item + 1)} of ${titleOf(document, source.step.key, catalogue)}`,
                go: () => choose(source.step.id, { tab: `output:${source.port}`, item: source.item }),
              }
            );
          }}
        />
      )}
    </aside>
  );
}

/** A step that stands for all iterations of its node, held to the one that is looked at. */
const heldStep = (step: RunStep, turn: string | undefined): RunStep =>
  step.turns ? (heldTo([step], turn)[0] ?? step) : step;

/** Why an iteration that is asked for has only counts. */
function notKept(run: Run, step: RunStep, steps: readonly RunStep[], turn: string | undefined): string | undefined {
  if (!step.turns) return undefined;
  const isKept = steps.some(isSummedUp(steps));
  if (isKept && turn === undefined) return undefined;
  if (isKept) return 'The data of this iteration is not kept: only that of the last 1,000 iterations is, up to 16 MB.';
  if (!isOver(run)) return 'The data of single iterations is there once the loop is done.';
  return run.version === null || run.version === undefined
    ? 'This run kept how many items went through each iteration, not their data.'
    : 'Data of single iterations is not kept for published runs; run it by hand, or choose “Keep iteration data of published runs” in the editor (Ctrl+K).';
}

interface StepHeadProps extends Pick<StepPanelProps, 'run' | 'waits' | 'document' | 'catalogue'> {
  readonly step: RunStep;
}

function StepHead({ run, step, waits, document, catalogue }: StepHeadProps) {
  const mayDraw = useMay('editor');
  const card = catalogue?.(step.type);
  const again =
    isOver(run) || step.finishedAt ? undefined : triesAgainAt(waits?.of(`${step.key}${step.path}`) ?? [], Date.now());
  const turn = turnWords(step.path);
  const { work, waits: waited } = timesOf(step, waits?.of(`${step.key}${step.path}`), step.finishedAt ?? Date.now());
  const startedAt = [...work, ...waited].map(({ from }) => from).toSorted((one, other) => one - other)[0];
  const said = [
    turn,
    step.attempt > 1 ? `attempt ${step.attempt}` : step.tries ? `${step.tries} attempts` : '',
    ...(isKept(step)
      ? ['reused from the run before']
      : [startedAt === undefined ? '' : clock(startedAt), lasted(step, waits)]),
    again === undefined ? '' : `tries again at ${clock(withinCalendar(again))}`,
  ];
  return (
    <header className="step-head" data-family={card?.family ?? 'code'}>
      <span className="tile lg">
        <NodeIcon name={card?.icon ?? 'circle-help'} />
      </span>
      <div className="grow">
        <h2 className="title cut">{titleOf(document, step.key, catalogue)}</h2>
        <div className="mono-s t3 cut">
          {step.key} · {step.type}
        </div>
        <div className="small t3 num">{said.filter(Boolean).join(' · ')}</div>
      </div>
      <div className="col gap-6 step-standing">
        <span className="state pill" data-state={stepMark(step)}>
          <State state={stepMark(step)}>{stepWord(step)}</State>
        </span>
        {mayDraw && step.status === 'failed' && (
          <Link className="btn sm" href={editorPlace(run, step.key)}>
            <SquarePen className="i i-12" aria-hidden />
            Fix in editor
          </Link>
        )}
      </div>
    </header>
  );
}

/** How long it took, as the list of steps says; of one that failed, after how long. */
const lasted = (step: RunStep, waits: Waits | undefined): string => {
  const { status, finishedAt } = step;
  if (finishedAt === null) return '';
  const words = tookOf(timesOf(step, waits?.of(`${step.key}${step.path}`), finishedAt));
  return status === 'failed' && words !== '' ? `failed after ${words}` : words;
};

interface OtherNeedsProps extends Pick<StepPanelProps, 'document' | 'catalogue' | 'choose' | 'steps'> {
  readonly needs: Run['needs'];
}

/** Other steps that wait for a person, each a press away. */
const OtherNeeds = ({ needs, document, catalogue, choose, steps }: OtherNeedsProps) => (
  <div className="other-needs small">
    <span className="t2">Also waiting for a person:</span>
    {needs.slice(0, 5).map((need, index) => (
      <button
        key={`${need.step}${index}`}
        type="button"
        className="link-button"
        onClick={() => choose(steps.findLast(({ key, path }) => `${key}${path}` === need.step)?.id ?? '')}
      >
        {titleOf(document, need.node, catalogue)} {turnWords(need.path ?? '')}
      </button>
    ))}
    {needs.length > 5 && <span className="t3">and {needs.length - 5} more</span>}
  </div>
);

/** The runs that a step called. */
function Children({ run, step }: { run: string; step: RunStep }) {
  const found = useInfiniteQuery(
    runsQuery({ parent: run, limit: 50 }, step.status === 'waiting' || step.status === 'running' ? 'asked' : 'still'),
  );
  const own = (found.data?.pages ?? [])
    .flatMap((page) => page.items)
    .filter(({ parent }) => parent?.node === step.key && parent.path === step.path);
  if (own.length === 0) return null;
  return (
    <div className="called" role="group" aria-label="Runs it called">
      <span className="small t2">Called</span>
      {own.slice(0, 12).map((child) => (
        <Link key={child.id} href={`/runs/${child.id}`} className="chip" title={child.workflowName}>
          <State state={markOf(child)}>
            <span className="sr">{wordOf(child)}, run </span>
            <span className="mono-s">{child.id.slice(-6)}</span>
          </State>
        </Link>
      ))}
      {own.length > 12 && <span className="small t3">and {own.length - 12} more</span>}
    </div>
  );
}

/** Whether a fact is about a step's node and path. */
function isAbout({ data }: StoredFact, { key, path }: RunStep): boolean {
  if ('node' in data && data.node === key && 'path' in data && data.path === path) return true;
  return 'nodes' in data && data.nodes.some((node) => node.key === key && node.path === path);
}
