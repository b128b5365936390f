import { useEffect, useState } from 'react';
import { Link } from 'wouter';
import { openRemote } from '../canvas/remote.ts';
import type { Remote } from '../canvas/remote.ts';
import type { Run } from '../canvas/remote-shapes.ts';
import { NeedView } from '../inspector/run-needs.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';

const ours = openRemote();
const lookEvery = 4_000;

/** The questions that wait for a person, over all runs. */
export default function Reviews() {
  return <Inbox remote={ours} />;
}

function Inbox({ remote }: { remote: Remote }) {
  const [runs, setRuns] = useState<readonly Run[]>();
  const [trouble, setTrouble] = useState<Error>();
  useEffect(() => {
    const look = () =>
      remote
        .waiting()
        .then(setRuns, (error: unknown) => setTrouble(error instanceof Error ? error : new Error('It did not load.')));
    void look();
    const timer = setInterval(look, lookEvery);
    return () => clearInterval(timer);
  }, [remote]);
  const asked = runs?.flatMap((run) => run.needs.map((need) => ({ run, need })));
  return (
    <main className="main">
      <header className="main-head">
        <h1>Reviews</h1>
      </header>
      {trouble && !asked && <ErrorState what="The questions did not load." error={trouble} />}
      {!asked && !trouble && <SkeletonRows />}
      {asked?.length === 0 && (
        <Empty title="Nobody waits for you">
          Runs that ask a person, or that may have done something twice, stand here until they are answered.
        </Empty>
      )}
      <div className="scrolls">
        {asked?.map(({ run, need }, index) => (
          <div key={`${run.id}${index}`}>
            <Link
              href={`/runs/${run.id}`}
              className="small t3"
              style={{ padding: '8px 14px', display: 'inline-block' }}
            >
              Run {run.id.slice(-6)}, {new Date(run.startedAt).toLocaleString('en-GB')}
            </Link>
            <NeedView run={run} need={need} remote={remote} />
          </div>
        ))}
      </div>
    </main>
  );
}
