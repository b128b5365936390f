import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { runDocumentQuery, runQuery } from '../api/run.ts';
import { useRunNews } from '../api/run-news.ts';
import { waitingQuery } from '../api/runs.ts';
import type { Run } from '../../flow/contract/run.ts';
import { useCatalogue } from '../graph/use-catalogue.ts';
import { NeedView } from '../inspector/run-needs.tsx';
import { Cut } from '../ui/cut.tsx';
import { State } from '../ui/mark.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { isUnderWay, markOf, wordOf } from '../ui/run-state.ts';
import { useNow } from '../ui/use-now.ts';
import { ago, counted, wholeMoment } from '../ui/when.ts';
import './Reviews.css';

type Asked = { readonly run: Run; readonly need: Run['needs'][number] };

const idOf = ({ run, need }: Asked) => `${run.id} ${need.step} ${String(need['call'] ?? '')}`;

/** The questions that wait for a person, over all runs, the oldest first; what was just answered stays to show what followed. */
export default function Reviews() {
  const waiting = useQuery(waitingQuery(useRunNews() ? 'told' : 'asked'));
  const [answered, setAnswered] = useState<ReadonlyMap<string, { asked: Asked; words: string }>>(new Map());
  const asked = (waiting.data ?? [])
    .flatMap((run) => run.needs.map((need): Asked => ({ run, need })))
    .filter((one) => !answered.has(idOf(one)) || one.need.kind === 'in-doubt')
    .toReversed();
  return (
    <main className="main" id="main">
      <div className="main-head">
        <h1>Approvals</h1>
        {waiting.data && asked.length > 0 && <span className="t3">{counted(asked.length, 'answer')} needed</span>}
      </div>
      <div className="main-scroll" tabIndex={-1}>
        {waiting.error && (
          <ErrorState
            what={waiting.data ? 'This list may be old.' : 'The questions did not load.'}
            error={waiting.error}
            retry={() => void waiting.refetch()}
          />
        )}
        {waiting.isPending && <SkeletonRows rows={4} height={120} />}
        {waiting.data && !waiting.error && asked.length === 0 && answered.size === 0 && (
          <Empty title="Nothing to review">
            Runs that ask for approval, and calls that may or may not have happened, are listed here until somebody
            answers.
          </Empty>
        )}
        <ul className="inbox">
          {[...answered.entries()].map(([id, one]) => (
            <Answered key={id} {...one} />
          ))}
          {asked.map((one) => (
            <Question
              key={idOf(one)}
              asked={one}
              answered={(words) => setAnswered((known) => new Map(known).set(idOf(one), { asked: one, words }))}
            />
          ))}
        </ul>
      </div>
    </main>
  );
}

function Question({ asked: { run, need }, answered }: { asked: Asked; answered: (words: string) => void }) {
  const now = useNow(1_000);
  const document = useQuery(runDocumentQuery(run.id));
  const catalogue = useCatalogue(document.data);
  return (
    <li className="box inbox-item">
      <RunLine run={run} now={now} />
      <NeedView run={run.id} need={need} document={document.data} catalogue={catalogue} onAnswered={answered} />
    </li>
  );
}

const RunLine = ({ run, now }: { run: Run; now: number }) => (
  <div className="inbox-head small">
    <Link href={`/workflows/${run.workflow}`} className="strong cut" title={run.workflowName}>
      {run.workflowName ?? 'Workflow'}
    </Link>
    <Link href={`/runs/${run.id}`} className="t2">
      run {run.id.slice(-6)}
    </Link>
    <span className="grow" />
    <span className="t3 num" title={wholeMoment(run.startedAt)}>
      began {ago(run.startedAt, new Date(now))}
    </span>
  </div>
);

/** What was said, and how the run goes on from there. */
function Answered({ asked: { run }, words }: { asked: Asked; words: string }) {
  const now = useQuery({
    ...runQuery(run.id),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data && !isUnderWay(state.data) && state.data.finishedAt ? false : 1_500),
  });
  return (
    <li className="box inbox-item is-answered">
      <div className="inbox-head small">
        <Cut text={words} className="strong" />
        <span className="grow" />
        {now.data && <State state={markOf(now.data)}>{wordOf(now.data)}</State>}
        <Link href={`/runs/${run.id}`} className="btn sm">
          See the run
        </Link>
      </div>
    </li>
  );
}
