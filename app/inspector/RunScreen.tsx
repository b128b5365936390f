import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { ApiError } from '../api/api-error.ts';
import { runDocumentQuery } from '../api/run.ts';
import type { RunStep } from '../api/run-shapes.ts';
import type { Run } from '../../flow/contract/run.ts';
import { useCatalogue } from '../graph/use-catalogue.ts';
import { LoneError } from '../ui/lone-error.tsx';
import { Logo } from '../ui/logo.tsx';
import { ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { Resizer, useWidth } from '../ui/resizer.tsx';
import { Segment } from '../ui/segment.tsx';
import { isOver } from '../api/run-over.ts';
import type { Seen } from '../api/live-run.ts';
import type { Hearing } from '../api/stream.ts';
import { count } from '../ui/figures.ts';
import { asRan } from './as-ran.ts';
import { heldTo, loopsIn, stepFor } from './iterations.ts';
import { titleOf } from './need-words.ts';
import { newsOf } from './news-of.ts';
import { RunBar } from './run-bar.tsx';
import { RunGraph } from './run-graph.tsx';
import { Siblings } from './siblings.tsx';
import type { Spot } from './step-data.tsx';
import { StepPanel } from './step-panel.tsx';
import { StepRows } from './step-rows.tsx';
import { TurnStepper } from './turn-stepper.tsx';
import { useRun } from './use-run.ts';
import './RunScreen.css';

/** A run as it was: the version that ran as a graph, when each step worked, and what went in and out of each. */
export default function RunScreen({ runId }: { runId: string }) {
  const { seen, ...about } = useRun(runId);
  useEffect(() => {
    document.title = `${seen?.run.workflowName ?? 'Run'} · run ${runId.slice(-6)} · Heddle`;
  }, [seen?.run.workflowName, runId]);
  if (!seen && about.error) return <NoRun error={about.error} retry={about.retry} />;
  if (!seen || seen.reading)
    return (
      <Frame id={runId} isBusy>
        {seen?.reading && (
          <p className="small t2 num run-reading" role="status">
            Reading {count(seen.reading.read)} of {count(seen.reading.of)} facts
          </p>
        )}
        <SkeletonRows rows={12} height={32} />
      </Frame>
    );
  return <OpenRun run={seen.run} seen={seen} hearing={about.hearing} />;
}

/** What stands before a run is there: which one it is, and the ways out. */
function Frame({ id, isBusy = false, children }: { id: string; isBusy?: boolean; children: ReactNode }) {
  return (
    <div className="app-editor">
      <header className="topbar">
        <Link href="/" aria-label="Home" className="row">
          <Logo />
        </Link>
        <Link href="/runs" className="crumb">
          Runs
        </Link>
        <span className="t3">/</span>
        <h1 className="num run-name">Run {id.slice(-6)}</h1>
      </header>
      <main className="main" aria-label="Run" aria-busy={isBusy}>
        {children}
      </main>
    </div>
  );
}

function NoRun({ error, retry }: { error: Error; retry: () => void }) {
  const isGone = error instanceof ApiError && error.status === 404;
  return (
    <LoneError
      title="Run"
      what={isGone ? 'This run is not here.' : 'The run did not load.'}
      error={isGone ? new Error('It may belong to another workspace, or it was removed.') : error}
      {...(isGone ? {} : { retry })}
    >
      <Link href="/runs" className="btn lone-way">
        All runs
      </Link>
    </LoneError>
  );
}

/** What a narrow window shows of a run, one at a time. */
const rooms = [
  { value: 'graph', title: 'Graph' },
  { value: 'steps', title: 'Steps' },
  { value: 'step', title: 'Data' },
  { value: 'runs', title: 'Runs' },
] as const;
type Room = (typeof rooms)[number]['value'];

type OpenProps = { readonly run: Run; readonly seen: Seen };

function OpenRun({ run, seen, hearing }: OpenProps & { readonly hearing: Hearing | undefined }) {
  const { steps } = seen;
  const made = useQuery(runDocumentQuery(run.id));
  const catalogue = useCatalogue(made.data);
  const now = useTicking(!isOver(run));
  const lens = useLens(run, steps);
  const [started] = seen.facts;
  const document = useMemo(() => made.data && asRan(made.data, started), [made.data, started]);
  const about = { run, document, catalogue, now };
  return (
    <div className="app-editor run-screen">
      <RunBar {...about} steps={steps} facts={seen.facts} chosen={lens.chosen?.key} hearing={hearing} />
      <RunRooms {...about} {...lens} seen={seen} steps={steps}>
        {made.error && (
          <ErrorState what="The graph did not load." error={made.error} retry={() => void made.refetch()} />
        )}
      </RunRooms>
      {/* Menus and tips lie over all rooms: a room that a telephone does not show would hide them with itself. */}
      <aside aria-label="Over the run" data-floats />
    </div>
  );
}

/** What is looked at: a step, an iteration, a spot in its data, and which room a narrow window shows. It stands in the address. */
function useLens(run: Run, steps: readonly RunStep[]) {
  const [search, setSearch] = useSearchParams();
  const [spot, setSpot] = useState<Spot>();
  const [room, setRoom] = useState<Room>(run.needs.length > 0 ? 'step' : 'graph');
  const turn = search.get('turn') ?? undefined;
  const held = useMemo(() => heldTo(steps, turn), [steps, turn]);
  const asked = search.get('step');
  const chosen = useMemo(() => {
    const named = held.find(({ id }) => id === asked);
    if (named) return named;
    const news = newsOf(run, held);
    return (news && stepFor(steps, news.key, turn)) ?? news;
  }, [run, steps, held, asked, turn]);
  const say = (step: string | undefined, to: string | undefined) =>
    setSearch(
      { ...(step === undefined ? {} : { step }), ...(to === undefined ? {} : { turn: to }) },
      { replace: true },
    );
  const choose = (id: string, next?: Spot) => {
    setSpot(next);
    setRoom('step');
    say(id, turn);
  };
  const showTurn = (next: string | undefined) => {
    setSpot(undefined);
    say(chosen && stepFor(steps, chosen.key, next)?.id, next);
  };
  return { turn, held, chosen, spot, room, setRoom, choose, showTurn };
}

interface RunRoomsProps extends OpenProps, ReturnType<typeof useLens> {
  readonly document: Workflow | undefined;
  readonly catalogue: Catalogue | undefined;
  readonly now: number;
  readonly steps: readonly RunStep[];
  readonly children: ReactNode;
}

const manySteps = 10_000;

/** The rooms of a run side by side; a narrow window shows one of them. */
function RunRooms(props: RunRoomsProps) {
  const { run, seen, steps, document, catalogue, turn, held, chosen, choose, showTurn, room, setRoom } = props;
  const loops = useMemo(() => loopsIn(steps), [steps]);
  // Of a long run the steps come first: what is drawn of them on the graph takes as long again.
  const isDrawn = useDeferredValue(true, steps.length < manySteps);
  const width = useWidth('heddle.run-panel', (window) => ({
    least: 320,
    most: 900,
    first: window > 1200 ? 420 : 344,
    // What is left has room for the steps with their times.
    beside: window > 1200 ? 236 + 440 : 440,
  }));
  const about = { run, document, catalogue, choose, facts: seen.facts, waits: seen.waits };
  return (
    <div className="run-rooms" style={{ '--panel-w': `${width.width}px` }} data-room={room}>
      <nav className="run-room-tabs" aria-label="Parts of the run">
        <Segment label="What is shown" value={room} options={rooms} onChange={setRoom} />
      </nav>
      <Siblings run={run} />
      <main className="run-middle" aria-label="Run">
        {props.children}
        {document && catalogue && !isDrawn && <div className="flow-room" aria-busy />}
        {document && catalogue && isDrawn && (
          <RunGraph
            document={document}
            catalogue={catalogue}
            steps={steps}
            waits={seen.waits}
            isOver={isOver(run)}
            turn={turn}
            chosen={chosen?.key}
            choose={(key) => choose(stepFor(steps, key, turn)?.id ?? '')}
          >
            <TurnStepper
              loops={loops}
              turn={turn}
              near={chosen?.path || chosen?.turns?.[0]?.at}
              titleOf={(key) => titleOf(document, key, catalogue)}
              show={showTurn}
            />
          </RunGraph>
        )}
        <StepRows {...about} steps={held} chosen={chosen?.id} now={props.now} turn={turn} />
      </main>
      <StepPanel {...about} step={chosen} steps={steps} spot={props.spot} turn={turn} showTurn={showTurn}>
        <Resizer of={width} label="Width of the step" />
      </StepPanel>
    </div>
  );
}

/** The time, ticking while something may still happen. */
function useTicking(isOn: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => document.hidden || setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [isOn]);
  return now;
}
