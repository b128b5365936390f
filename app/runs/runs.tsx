import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import * as z from 'zod';
import { useMay } from '../api/role.ts';
import { useRunNews } from '../api/run-news.ts';
import { runStatus } from '../../flow/contract/run.ts';
import { countsQuery, runsQuery } from '../api/runs.ts';
import type { RunFilters } from '../api/runs.ts';
import type { RunCounts, RunStatus } from '../../flow/contract/run.ts';
import { workflowsQuery } from '../api/workflows.ts';
import { offer } from '../commands/registry.ts';
import { Button } from '../ui/button.tsx';
import { SearchInput } from '../ui/field.tsx';
import { Mark } from '../ui/mark.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { markOf, wordOf } from '../ui/run-state.ts';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';
import { count } from '../ui/when.ts';
import { RunTable } from './run-table.tsx';
import './runs.css';

const spans = [
  { value: 'any', title: 'Any time' },
  { value: '1h', title: 'The last hour' },
  { value: '24h', title: '24 hours' },
  { value: '7d', title: '7 days' },
  { value: '30d', title: '30 days' },
];

/** A span, or a day or moment that a link from elsewhere names. */
const since = z.union([z.string().regex(/^\d{1,4}[hd]$/), z.iso.date(), z.iso.datetime({ offset: true })]);

/** Every run, narrowed by filters that stand in the address. */
export default function Runs() {
  const [search, setSearch] = useSearchParams();
  const [live, setLive] = useState(true);
  // In state, so that the table within is drawn once it is there: an element above hands itself over after those below have looked.
  const [room, setRoom] = useState<HTMLDivElement | null>(null);
  const filters: RunFilters = {
    workflow: search.get('workflow') ?? undefined,
    // An address may hold anything: what is no filter is none.
    status: runStatus.safeParse(search.get('status')).data,
    since: since.safeParse(search.get('since')).data,
    q: search.get('q') ?? undefined,
  };
  const narrow = (name: keyof RunFilters, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '' || value === 'any') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const isTold = useRunNews();
  const kept = !live ? 'still' : isTold ? 'told' : 'asked';
  const runs = useInfiniteQuery(runsQuery(filters, kept));
  const items = runs.data?.pages.flatMap((page) => page.items);
  const counts = useQuery(countsQuery(filters, kept));
  const isNarrowed = [...search.keys()].length > 0;
  return (
    <main className="main" id="main">
      <div className="main-head">
        <h1>Runs</h1>
        <span className="t3 num" role="status">
          {counts.data && (isNarrowed ? `${many(counts.data)} found` : many(counts.data))}
        </span>
        <span className="grow" />
        <span className="row t2 small">
          <Switch checked={live} onChange={setLive} label="Live" />
          <span aria-hidden>Live</span>
        </span>
      </div>
      <Filters
        filters={filters}
        narrow={narrow}
        counts={counts.data}
        clear={isNarrowed ? () => setSearch({}, { replace: true }) : undefined}
      />
      <div className="main-scroll" tabIndex={-1} ref={setRoom}>
        {items === undefined && !runs.error && <SkeletonRows rows={10} height={32} />}
        {runs.error && (
          <ErrorState
            what={items ? 'This list may be old.' : 'The list did not load.'}
            error={runs.error}
            retry={() => void runs.refetch()}
          />
        )}
        {items?.length === 0 && !runs.error && <NoRuns isNarrowed={isNarrowed} />}
        {items && items.length > 0 && (
          <RunTable
            runs={items}
            more={runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
            isMoreComing={runs.isFetchingNextPage}
            room={room}
          />
        )}
      </div>
    </main>
  );
}

interface FiltersProps {
  readonly filters: RunFilters;
  readonly narrow: (name: keyof RunFilters, value: string) => void;
  readonly counts: RunCounts | undefined;
  readonly clear: (() => void) | undefined;
}

const many = ({ total, isMore }: RunCounts) => (isMore ? `over ${count(total)}` : count(total));

function Filters({ filters, narrow, counts, clear }: FiltersProps) {
  const workflows = useQuery(workflowsQuery);
  const names = (workflows.data ?? []).map(({ id, name }) => ({ value: id, title: name }));
  return (
    <>
      <div className="filters">
        <Words value={filters.q ?? ''} onChange={(value) => narrow('q', value)} />
        <Select
          className="filter-select"
          label="Workflow"
          value={filters.workflow ?? 'any'}
          options={[{ value: 'any', title: 'Any workflow' }, ...names]}
          onChange={(value) => narrow('workflow', value)}
        />
        <Select
          className="filter-select"
          label="Since"
          value={filters.since ?? 'any'}
          options={
            spans.some(({ value }) => value === (filters.since ?? 'any'))
              ? spans
              : [...spans, { value: filters.since ?? '', title: filters.since ?? '' }]
          }
          onChange={(value) => narrow('since', value)}
        />
        {clear && (
          <Button tone="quiet" size="sm" onClick={clear}>
            <X className="i i-14" aria-hidden />
            Clear
          </Button>
        )}
        <span className="grow" />
        {clear && <span className="small t3 wide">The link keeps these filters</span>}
      </div>
      <div className="filters" role="group" aria-label="Status">
        <StatusChip status={undefined} chosen={filters.status} many={sumOf(counts)} pick={() => narrow('status', '')} />
        {runStatus.options.map((status) => (
          <StatusChip
            key={status}
            status={status}
            chosen={filters.status}
            many={counts?.statuses[status]}
            pick={() => narrow('status', status)}
          />
        ))}
      </div>
    </>
  );
}

const sumOf = (counts: RunCounts | undefined) =>
  counts && Object.values(counts.statuses).reduce((sum, runs) => sum + runs, 0);

function StatusChip({
  status,
  chosen,
  many: runs,
  pick,
}: {
  status: RunStatus | undefined;
  chosen: string | undefined;
  many: number | undefined;
  pick: () => void;
}) {
  const run = status && { status, needs: [] };
  return (
    <button type="button" className="chip" aria-pressed={status === chosen} onClick={pick}>
      {run && <Mark state={markOf(run)} small />}
      {run ? wordOf(run) : 'All'}
      {runs !== undefined && runs > 0 && <b className="num">{count(runs)}</b>}
    </button>
  );
}

/** What is typed goes into the address when one pauses, not at every letter. */
function Words({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const [sent, setSent] = useState(value);
  if (value !== sent) {
    setSent(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === sent) return;
    const timer = setTimeout(() => {
      setSent(typed);
      onChange(typed);
    }, 300);
    return () => clearTimeout(timer);
  });
  useEffect(
    () => offer([{ id: 'runs.find', title: 'Find in runs', keys: ['/'], run: () => input.current?.focus() }]),
    [],
  );
  return (
    <SearchInput
      ref={input}
      className="filter-words"
      icon={<Search className="i i-14 t3" aria-hidden />}
      end={<kbd>/</kbd>}
      placeholder="Search in runs"
      aria-label="Search in runs"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function NoRuns({ isNarrowed }: { isNarrowed: boolean }) {
  const mayDraw = useMay('editor');
  const mayRun = useMay('operator');
  if (isNarrowed) return <Empty title="No run passes these filters">Take one away, or look further back.</Empty>;
  return (
    <Empty title="No runs yet">
      {mayDraw
        ? 'Press Run in a workflow, or publish one: each time its trigger starts it, the run is listed here.'
        : `Each time a trigger starts a workflow that is live, the run is listed here.${mayRun ? ' Or press Run in one.' : ''}`}
    </Empty>
  );
}
