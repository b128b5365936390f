import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ApiError } from '../api/api-error.ts';
import { runDocumentQuery, wholeCardsQuery } from '../api/run.ts';
import type { RunStep, WholeRun } from '../api/run.ts';
import { catalogueOf } from '../canvas/editor-state.ts';
import { PaletteHost } from '../shell/palette-host.tsx';
import { LoneError } from '../ui/lone-error.tsx';
import { Logo } from '../ui/logo.tsx';
import { ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { isOver } from './following.ts';
import { Resizer, useWidth } from './resizer.tsx';
import { RunBar } from './run-bar.tsx';
import { RunGraph } from './run-graph.tsx';
import { Siblings } from './siblings.tsx';
import type { Spot } from './step-data.tsx';
import { StepPanel } from './step-panel.tsx';
import { StepRows } from './step-rows.tsx';
import { useRun } from './use-run.ts';
import './inspector.css';

/** A run as it was: the version that ran as a graph, when each step worked, and what went in and out of each. */
export default function RunScreen({ runId }: { runId: string }) {
  const seen = useRun(runId);
  useEffect(() => {
    document.title = `${seen.run?.workflowName ?? 'Run'} · run ${runId.slice(-6)} · Heddle`;
  }, [seen.run?.workflowName, runId]);
  if (!seen.run && seen.error) return <NoRun error={seen.error} retry={seen.retry} />;
  if (!seen.run)
    return (
      <Frame id={runId} isBusy>
        <SkeletonRows rows={12} height={32} />
      </Frame>
    );
  return <OpenRun run={seen.run} seen={seen} />;
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
      <PaletteHost />
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
      <Link href="/runs" className="btn" style={{ margin: '0 16px' }}>
        All runs
      </Link>
    </LoneError>
  );
}

const noSteps: readonly RunStep[] = [];

function OpenRun({ run, seen }: { run: WholeRun; seen: ReturnType<typeof useRun> }) {
  const { facts, hearing } = seen;
  const steps = seen.steps ?? noSteps;
  const made = useQuery(runDocumentQuery(run.id));
  const cards = useQuery(wholeCardsQuery);
  const catalogue = useMemo(() => cards.data && catalogueOf(cards.data), [cards.data]);
  const [search, setSearch] = useSearchParams();
  const [spot, setSpot] = useState<Spot>();
  const now = useTicking(!isOver(run));
  const [width, setWidth] = useWidth('heddle.run-panel', {
    least: 320,
    most: 900,
    first: window.innerWidth > 1200 ? 420 : 344,
  });
  const asked = search.get('step');
  const chosen = steps.find(({ id }) => id === asked) ?? newsOf(run, steps);
  const choose = (id: string, next?: Spot) => {
    setSpot(next);
    setSearch({ step: id }, { replace: true });
  };
  return (
    <div className="app-editor">
      <RunBar run={run} steps={steps} document={made.data} chosen={chosen?.key} now={now} hearing={hearing} />
      <div className="run-rooms" style={{ '--panel-w': `${width}px` }}>
        <Siblings run={run} />
        <main className="run-middle" aria-label="Run">
          {made.error && (
            <ErrorState what="The graph did not load." error={made.error} retry={() => void made.refetch()} />
          )}
          {made.data && catalogue && (
            <RunGraph
              document={made.data}
              catalogue={catalogue}
              steps={steps}
              chosen={chosen?.key}
              choose={(key) => choose(steps.findLast((step) => step.key === key)?.id ?? '')}
            />
          )}
          <StepRows
            run={run}
            steps={steps}
            facts={facts}
            document={made.data}
            catalogue={catalogue}
            chosen={chosen?.id}
            choose={choose}
            now={now}
          />
        </main>
        <StepPanel
          run={run}
          step={chosen}
          steps={steps}
          facts={facts}
          document={made.data}
          catalogue={catalogue}
          spot={spot}
          choose={choose}
        >
          <Resizer width={width} setWidth={setWidth} label="Width of the step" />
        </StepPanel>
      </div>
      <PaletteHost />
    </div>
  );
}

/** What one came to see: what waits for a person, what failed, what works now, else the last. */
function newsOf(run: WholeRun, steps: readonly RunStep[]): RunStep | undefined {
  const [need] = run.needs;
  const asked = need && steps.findLast(({ key, path }) => `${key}${path}` === need.step);
  const failed = steps.findLast(
    ({ key, status }) => status === 'failed' && (!run.error?.node || run.error.node === key),
  );
  const live = steps.findLast(({ status }) => status === 'running' || status === 'in-doubt' || status === 'waiting');
  return (
    asked ??
    (run.status === 'failed' ? failed : undefined) ??
    live ??
    steps.findLast(({ status }) => status === 'finished') ??
    steps.at(-1)
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
