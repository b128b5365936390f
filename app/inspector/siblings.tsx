import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { runsQuery } from '../api/runs.ts';
import { useRunNews } from '../api/run-news.ts';
import type { Run } from '../../flow/contract/run.ts';
import { classes } from '../ui/class-names.ts';
import { Cut } from '../ui/cut.tsx';
import { Mark } from '../ui/mark.tsx';
import { isUnderWay, markOf, triggerOf, wordOf } from '../ui/run-state.ts';
import { dayOf, wholeMoment } from '../ui/when.ts';
import { clock, duration } from '../ui/figures.ts';
import './siblings.css';

/** The runs of the workflow that a run is of, the latest first. */
export const siblingsQuery = ({ workflow }: Pick<Run, 'workflow'>, isTold: boolean) =>
  runsQuery({ workflow, limit: 50 }, isTold ? 'told' : 'asked');

/** The other runs of the same workflow, the latest first. */
export function Siblings({ run }: { run: Run }) {
  const runs = useInfiniteQuery(siblingsQuery(run, useRunNews()));
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <nav className="panel siblings" aria-label="Runs of this workflow">
      <div className="panel-head">
        <b className="strong">Runs</b>
        <span className="grow" />
        <Link href={`/runs?workflow=${run.workflow}`} className="small t2">
          All
        </Link>
      </div>
      <div className="scrolls">
        {items.map((one, index) => {
          const day = dayOf(one.startedAt);
          const isNewDay = index === 0 || dayOf(items[index - 1]?.startedAt ?? '') !== day;
          return (
            <div key={one.id}>
              {isNewDay && <div className="run-day">{day.charAt(0).toUpperCase() + day.slice(1)}</div>}
              <Link
                href={`/runs/${one.id}`}
                className={classes('run-item', one.id === run.id && 'on')}
                aria-current={one.id === run.id ? 'page' : undefined}
                title={wholeMoment(one.startedAt)}
              >
                <Mark state={markOf(one)} small />
                <b>
                  <span className="sr">{wordOf(one)}, run </span>
                  {one.id.slice(-6)}
                </b>
                <span className="when">{clock(one.startedAt).slice(0, 5)}</span>
                <Cut text={sayOf(one)} className="sub" />
              </Link>
            </div>
          );
        })}
        {runs.hasNextPage && (
          <button type="button" className="link-button small siblings-more" onClick={() => void runs.fetchNextPage()}>
            Show earlier runs
          </button>
        )}
      </div>
    </nav>
  );
}

/** How a run stands, in a few words; the news first, and of a draft or a retry that it was one. */
export function sayOf(run: Run): string {
  const kinds = [run.retryOf === undefined ? '' : triggerOf(run), run.version === null ? 'draft' : ''];
  const said = run.error && run.status === 'failed' ? [...kinds, run.error.message] : [standingOf(run), ...kinds];
  return said.filter(Boolean).join(' · ');
}

function standingOf(run: Run): string {
  if (run.needs.length > 0)
    return run.needs.some(({ kind }) => kind === 'in-doubt') ? 'May have happened' : 'Waits for an answer';
  if (isUnderWay(run)) return 'Under way';
  if (run.status === 'waiting') return 'Waits';
  return run.durationMs === null ? '' : duration(run.durationMs);
}
