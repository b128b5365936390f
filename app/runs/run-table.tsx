import { useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { RotateCcw } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Link, useLocation } from 'wouter';
import type { Run } from '../../flow/contract/run.ts';
import { useMay } from '../api/role.ts';
import { workflowsQuery } from '../api/workflows.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/class-names.ts';
import { State } from '../ui/mark.tsx';
import { isUnderWay, markOf, shortId, triggerOf, wordOf } from '../ui/run-state.ts';
import { duration } from '../ui/figures.ts';
import { counted, momentOf, wholeMoment } from '../ui/when.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { lastWord } from './last-word.ts';
import { GapRow } from '../ui/gap-row.tsx';
import './run-table.css';

interface RunTableProps {
  readonly runs: readonly Run[];
  /** Brings the runs before these; undefined when there are none. */
  readonly more: (() => void) | undefined;
  readonly isMoreComing: boolean;
  /** What scrolls. */
  readonly room: HTMLDivElement | null;
}

const rowHeight = 32;

/**
 * Runs, one a row; those under way are marked. Arrows go from row to row, Enter opens. Earlier ones come when the end is near, and only what is
 * seen is drawn.
 */
export function RunTable({ runs, more, isMoreComing, room }: RunTableProps) {
  const workflows = useQuery(workflowsQuery);
  const names = useMemo(() => new Map(workflows.data?.map(({ id, name }) => [id, name])), [workflows.data]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mayAct = useMay('operator');
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => room,
    estimateSize: () => rowHeight,
    overscan: 16,
  });
  const seen = rows.getVirtualItems();
  const isNearEnd = (seen.at(-1)?.index ?? 0) >= runs.length - 8;
  const wish = useRef(more);
  wish.current = more;
  useEffect(() => {
    if (isNearEnd && !isMoreComing) wish.current?.();
  }, [isNearEnd, isMoreComing, runs.length]);
  const flip = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  // Filters may have left out what was chosen.
  const picked = runs.filter(({ id }) => chosen.has(id));
  const isAll = picked.length === runs.length;
  return (
    <>
      <table
        className={classes('table run-table', !mayAct && 'is-viewed')}
        aria-rowcount={runs.length + 1}
        onKeyDown={goByArrows}
      >
        <thead>
          <tr>
            <th className="choose">
              {mayAct ? (
                <label>
                  <input
                    type="checkbox"
                    checked={isAll}
                    ref={(box) => {
                      if (box) box.indeterminate = picked.length > 0 && !isAll;
                    }}
                    onChange={() => setChosen(new Set(isAll ? [] : runs.map(({ id }) => id)))}
                    aria-label={`Choose all ${counted(runs.length, 'run')} listed`}
                    title={`Choose all ${counted(runs.length, 'run')} listed`}
                  />
                </label>
              ) : (
                <span className="sr">Choose</span>
              )}
            </th>
            <th>Status</th>
            <th>Workflow</th>
            <th>Run</th>
            <th>Started by</th>
            <th>When</th>
            <th className="right">Took</th>
            <th>Result</th>
          </tr>
        </thead>
        <tbody>
          <GapRow height={seen[0]?.start ?? 0} />
          {seen.map(({ index }) => {
            const run = runs[index];
            return (
              run && (
                <Row
                  key={run.id}
                  run={run}
                  place={index}
                  name={names.get(run.workflow)}
                  isChosen={chosen.has(run.id)}
                  flip={mayAct ? () => flip(run.id) : undefined}
                />
              )
            );
          })}
          <GapRow height={rows.getTotalSize() - (seen.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
      {more && (
        <div className="row more-runs">
          <Button busy={isMoreComing} onClick={more}>
            Show earlier runs
          </Button>
        </div>
      )}
      {mayAct && picked.length > 0 && <ChosenBar runs={picked} clear={() => setChosen(new Set())} />}
    </>
  );
}

/** From the link of one row to that of the next. */
function goByArrows(event: KeyboardEvent<HTMLTableElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target instanceof HTMLElement ? event.target.closest('tr') : null;
  if (step === undefined || !row) return;
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const link = next?.querySelector<HTMLElement>('a.strong');
  if (!link) return;
  event.preventDefault();
  link.focus();
  link.scrollIntoView({ block: 'nearest' });
}

interface RowProps {
  readonly run: Run;
  readonly place: number;
  /** Of its workflow, as it is called now; undefined for one that was deleted. */
  readonly name: string | undefined;
  readonly isChosen: boolean;
  /** Without it, whoever looks can do nothing with runs that are chosen. */
  readonly flip: (() => void) | undefined;
}

function Row({ run, place, name, isChosen, flip }: RowProps) {
  const [, go] = useLocation();
  return (
    <tr
      className={classes('opens', isUnderWay(run) && 'live')}
      aria-rowindex={place + 2}
      onClick={({ target }) => {
        // The link and the box do what they do by themselves.
        if (target instanceof Element && !target.closest('a, input, label')) go(`/runs/${run.id}`);
      }}
    >
      <td className="choose">
        {flip && (
          <label>
            <input type="checkbox" checked={isChosen} onChange={flip} aria-label={`Choose run ${shortId(run.id)}`} />
          </label>
        )}
      </td>
      <td>
        <State state={markOf(run)}>{wordOf(run)}</State>
        {run.retriedAs && (
          <Link
            className="chip retried"
            href={`/runs/${run.retriedAs.id}`}
            title={`Retried as run ${shortId(run.retriedAs.id)}: ${wordOf({ ...run.retriedAs, needs: [] }).toLowerCase()}`}
          >
            <RotateCcw className="i" aria-hidden />
            <span>retried</span>
          </Link>
        )}
      </td>
      <td>
        <div className="named-run">
          <Link href={`/runs/${run.id}`} className="strong" title={run.workflowName ?? name}>
            {run.workflowName ?? name ?? 'Deleted workflow'}
          </Link>
          {name !== undefined && run.workflowName !== undefined && name !== run.workflowName && (
            <span className="t3 micro renamed">now “{name}”</span>
          )}
          {run.version === null && <span className="chip of-draft">draft</span>}
          {run.retryOf && (
            <Link className="chip of-draft retry-of-narrow" href={`/runs/${run.retryOf}`}>
              {triggerOf(run)}
            </Link>
          )}
        </div>
      </td>
      <td className="mono-s t2" title={run.id}>
        {shortId(run.id)}
      </td>
      <td className="t2">
        {run.retryOf ? (
          <Link className="chip" href={`/runs/${run.retryOf}`}>
            {triggerOf(run)}
          </Link>
        ) : (
          triggerOf(run)
        )}
      </td>
      <td className="t2 num" title={wholeMoment(run.startedAt)}>
        {momentOf(run.startedAt)}
      </td>
      <td className="right">{tookOf(run)}</td>
      <td className="t2" title={lastWord(run)}>
        <div className="last-word">{lastWord(run)}</div>
      </td>
    </tr>
  );
}

const tookOf = (run: Run) =>
  run.durationMs !== null
    ? duration(run.durationMs)
    : isUnderWay(run)
      ? duration(Date.now() - Date.parse(run.startedAt))
      : '';
