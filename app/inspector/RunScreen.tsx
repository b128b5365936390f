import { ReactFlowProvider } from '@xyflow/react';
import { ChevronLeft, CircleX, RotateCcw, SquarePen } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { catalogueOf } from '../canvas/editor-state.ts';
import { Graph } from '../canvas/graph.tsx';
import { nothing } from '../canvas/piece.ts';
import { FarProblem, openRemote } from '../canvas/remote.ts';
import type { Remote } from '../canvas/remote.ts';
import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { State } from '../ui/mark.tsx';
import { ErrorState } from '../ui/rest-states.tsx';
import { toast } from '../ui/toast.ts';
import { duration } from './figures.ts';
import { follow, isOver } from './following.ts';
import type { Seen } from './following.ts';
import { pictureOf } from './run-picture.ts';
import { RunNeeds } from './run-needs.tsx';
import { statusMarks, statusWords } from './status-words.ts';
import { StepData } from './step-data.tsx';
import { StepList } from './step-list.tsx';

const ours = openRemote();

/** A run as it was: the version that ran as a graph, its steps, and what went in and out of each. */
export default function RunScreen({ runId, remote = ours }: { runId: string; remote?: Remote }) {
  const [seen, setSeen] = useState<Seen>();
  const [made, setMade] = useState<{ document: Workflow; cards: readonly NodeCard[] }>();
  const [trouble, setTrouble] = useState<Error>();
  useEffect(() => {
    const stop = new AbortController();
    remote
      .run(runId)
      .then(
        (run) => {
          void follow(remote, runId, setSeen, stop.signal);
          return Promise.all([remote.runDocument(run), remote.cards()]).then(
            ([document, cards]) => document && setMade({ document, cards }),
          );
        },
        (error: unknown) => setTrouble(error instanceof Error ? error : new Error('It did not load.')),
      )
      .catch((error: unknown) => setTrouble(error instanceof Error ? error : new Error('It did not load.')));
    return () => stop.abort();
  }, [remote, runId]);
  if (trouble && !seen) return <ErrorState what="The run did not load." error={trouble} />;
  if (!seen) return <main aria-busy aria-label="Loading the run" style={{ height: '100vh' }} />;
  return <OpenRun seen={seen} made={made} remote={remote} />;
}

interface OpenRunProps {
  readonly seen: Seen;
  readonly made: { document: Workflow; cards: readonly NodeCard[] } | undefined;
  readonly remote: Remote;
}

function OpenRun({ seen: { run, steps }, made, remote }: OpenRunProps) {
  const failed = steps.findLast(({ status }) => status === 'failed' || status === 'in-doubt');
  const [wanted, setWanted] = useState<string>();
  const chosen = steps.find(({ id }) => id === wanted) ?? failed ?? steps.at(-1);
  return (
    <div className="app-editor">
      <RunBar run={run} name={made?.document.name} failed={failed?.key} remote={remote} />
      <div className="run-rooms">
        <main className="run-left" aria-label="Run">
          {made && (
            <ReactFlowProvider>
              <RunGraph
                made={made}
                steps={steps}
                chosen={chosen?.key}
                choose={(key) => setWanted(steps.findLast((step) => step.key === key)?.id)}
              />
            </ReactFlowProvider>
          )}
          <StepList steps={steps} document={made?.document} chosen={chosen?.id} choose={setWanted} />
        </main>
        <aside className="panel run-step" aria-label="Step">
          <RunNeeds run={run} remote={remote} />
          {chosen ? <StepData key={chosen.id} step={chosen} /> : <p className="empty">Nothing has run yet.</p>}
        </aside>
      </div>
    </div>
  );
}

interface RunGraphProps {
  readonly made: { document: Workflow; cards: readonly NodeCard[] };
  readonly steps: Seen['steps'];
  readonly chosen: string | undefined;
  readonly choose: (key: string) => void;
}

function RunGraph({ made: { document, cards }, steps, chosen, choose }: RunGraphProps) {
  const catalogue = useMemo(() => catalogueOf(cards), [cards]);
  const picture = useMemo(() => pictureOf(document, steps), [document, steps]);
  const scene = useMemo(
    () => ({
      document,
      catalogue,
      selection: chosen === undefined ? nothing : { ...nothing, nodes: new Set([chosen]) },
      issues: new Map(),
      picture,
      isReadOnly: true,
    }),
    [document, catalogue, chosen, picture],
  );
  const select = (selection: typeof nothing) => {
    const [key] = selection.nodes;
    // What was chosen in the list comes back from the graph by its key alone, without its attempt.
    if (key !== undefined && selection.nodes.size === 1 && key !== chosen) choose(key);
  };
  return (
    <div className="flow-room">
      <Graph scene={scene} select={select} onReady={() => undefined} />
    </div>
  );
}

interface RunBarProps {
  readonly run: Seen['run'];
  readonly name: string | undefined;
  readonly failed: string | undefined;
  readonly remote: Remote;
}

function RunBar({ run, name, failed, remote }: RunBarProps) {
  const [, go] = useLocation();
  const doing = (what: Promise<unknown>, title: string) =>
    what.catch((error: unknown) =>
      toast({
        title,
        state: 'failed',
        text: error instanceof FarProblem ? error.message : 'The server did not answer.',
      }),
    );
  const retry = (from?: string) =>
    void doing(
      remote.retry(run.id, from).then(({ runId }) => go(`/runs/${runId}`)),
      'It was not retried.',
    );
  return (
    <header className="topbar">
      <Link href="/" aria-label="Home" className="row">
        <Logo />
      </Link>
      <ChevronLeft className="i i-12 t3" aria-hidden />
      <Link href={`/workflows/${run.workflow}`} className="crumb">
        {name ?? 'Workflow'}
      </Link>
      <span className="t3">/</span>
      <h1 className="num">Run {run.id.slice(-6)}</h1>
      <State state={statusMarks[run.status]}>{statusWords[run.status]}</State>
      <span className="t3 small wide num">
        {new Date(run.startedAt).toLocaleString('en-GB')}
        {run.durationMs != null && ` · ${duration(run.durationMs)}`}
        {run.version != null ? ` · version ${run.version}` : ' · draft'}
      </span>
      <span className="grow" />
      <Button tone="quiet" onClick={() => go(`/workflows/${run.workflow}`)}>
        <SquarePen className="i i-14" aria-hidden />
        Open in editor
      </Button>
      {!isOver(run) && (
        <Button onClick={() => void doing(remote.cancel(run.id), 'It was not cancelled.')}>
          <CircleX className="i i-14" aria-hidden />
          Cancel
        </Button>
      )}
      {isOver(run) && failed !== undefined && (
        <Button tone="primary" onClick={() => retry(failed)}>
          <RotateCcw className="i i-14" aria-hidden />
          Retry from {failed}
        </Button>
      )}
      {isOver(run) && (
        <Button onClick={() => retry()}>
          <RotateCcw className="i i-14" aria-hidden />
          Retry
        </Button>
      )}
    </header>
  );
}
