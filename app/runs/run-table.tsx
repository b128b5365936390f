import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Run } from '../api/runs.ts';
import { workflowsQuery } from '../api/workflows.ts';
import { State } from '../ui/mark.tsx';
import { isUnderWay, markOf, triggerOf, wordOf } from '../ui/run-state.ts';
import { momentOf, span, wholeMoment } from '../ui/when.ts';

/** Runs, one a row; those under way are marked. */
export function RunTable({ runs }: { runs: readonly Run[] }) {
  const workflows = useQuery(workflowsQuery);
  const names = new Map(workflows.data?.map(({ id, name }) => [id, name]));
  return (
    <table className="table">
      <thead>
        <tr>
          <th>Status</th>
          <th>Workflow</th>
          <th>Run</th>
          <th className="col-wide">Started by</th>
          <th>When</th>
          <th className="right">Took</th>
          <th>Last word</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} name={run.workflowName ?? names.get(run.workflow) ?? 'Deleted workflow'} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ run, name }: { run: Run; name: string }) {
  return (
    <tr className={isUnderWay(run) ? 'live' : undefined}>
      <td>
        <State state={markOf(run)}>{wordOf(run)}</State>
      </td>
      <td>
        <Link href={`/runs/${run.id}`} className="strong">
          {name}
        </Link>
        {run.version === null && (
          <span className="chip" style={{ marginLeft: 8 }}>
            draft
          </span>
        )}
      </td>
      <td className="mono-s t2" title={run.id}>
        {shortId(run.id)}
      </td>
      <td className="t2 col-wide">{triggerOf(run)}</td>
      <td className="t2 num" title={wholeMoment(run.startedAt)}>
        {momentOf(run.startedAt)}
      </td>
      <td className="right">{tookOf(run)}</td>
      <td className="t2 last-word" title={lastWord(run)}>
        {lastWord(run)}
      </td>
    </tr>
  );
}

const tookOf = (run: Run) =>
  run.durationMs !== null ? span(run.durationMs) : isUnderWay(run) ? span(Date.now() - Date.parse(run.startedAt)) : '';

/** Enough of an id to tell runs apart by eye. */
const shortId = (id: string) => id.replace(/^run_/, '').slice(-8);

function lastWord({ status, error, needs }: Run): string {
  if (error) return error.message;
  if (needs.length > 0)
    return needs.some(({ kind }) => kind === 'in-doubt') ? 'An effect may have happened' : 'Waits for an answer';
  return status === 'waiting' ? 'Waits for a time or an event' : '';
}
