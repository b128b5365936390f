import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { foldRuns } from './fold-runs.ts';
import { hearRuns } from './hear-runs.ts';
import { runStatus } from '../../flow/contract/run.ts';
import { countsQuery, runsQuery, waitingQuery } from './runs.ts';
import type { Run, RunPage } from '../../flow/contract/run.ts';

const run = (id: string, more: Partial<Run> = {}): Run => ({
  id,
  workflow: 'orders',
  start: 'hook',
  workflowName: 'Orders',
  version: 1,
  status: 'running',
  trigger: 'manual',
  startedAt: '2026-11-21T08:00:00.000Z',
  finishedAt: null,
  durationMs: null,
  needs: [],
  ...more,
});

const some = fc
  .record({ id: fc.integer({ min: 10, max: 40 }), at: fc.nat(5), status: fc.constantFrom(...runStatus.options) })
  .map(({ id, at, status }) => run(`run_${id}`, { status, startedAt: new Date(at * 1_000).toISOString() }));
const runs = fc.uniqueArray(some, { maxLength: 14, selector: ({ id }) => id });
const key = ({ startedAt, id }: Run) => `${startedAt} ${id}`;

/** What a server answers that has these runs, cut to what lies before a place. */
function read(all: readonly Run[], status: string | undefined, sizes: readonly number[]): RunPage[] {
  const rows = all
    .filter((one) => status === undefined || one.status === status)
    .toSorted((a, b) => (key(a) < key(b) ? 1 : -1));
  return sizes.map((size, index) => {
    const begin = sizes.slice(0, index).reduce((sum, one) => sum + one, 0);
    return { items: rows.slice(begin, begin + size), next: rows.length > begin + size ? 'more' : null };
  });
}

test('a list that is told of runs that moved is the list that would be read, down to where it was known', () => {
  const wish = fc.record({
    before: runs,
    moved: runs,
    status: fc.constantFrom(undefined, ...runStatus.options),
    sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(wish, ({ before, moved, status, sizes }) => {
      const pages = read(before, status, sizes);
      const now = new Map([...before, ...moved].map((one) => [one.id, one]));
      const folded = foldRuns(pages, moved, { status }).flatMap(({ items }) => items);
      const end = pages.at(-1)?.next ? key(pages.at(-1)!.items.at(-1)!) : '';
      const whole = read([...now.values()], status, [100]).flatMap(({ items }) => items);
      expect(folded).toEqual(whole.filter((one) => key(one) >= end));
    }),
  );
});

test('filters are read as the server reads them', () => {
  const page: RunPage[] = [{ items: [], next: null }];
  const passes = (filters: Parameters<typeof foldRuns>[2]) => foldRuns(page, [run('run_1')], filters)[0]!.items.length;
  expect(passes({ workflow: 'orders', status: 'running', since: '2026-11-21', q: 'ORD' })).toBe(1);
  expect(passes({ q: 'run_1' })).toBe(1);
  // As the list shows it: the end of the id.
  expect(passes({ q: 'N_1' })).toBe(1);
  expect([{ workflow: 'x' }, { status: 'failed' }, { since: '2026-11-22' }, { q: 'stock' }].map(passes)).toEqual([
    0, 0, 0, 0,
  ]);
});

/** Lists that are looked at, a server that counts how often each is read, and a stream to say things on. */
function looking() {
  const client = new QueryClient();
  const reads = { list: 0, waiting: 0, count: 0 };
  const first = run('run_1');
  const list = new InfiniteQueryObserver(client, {
    ...runsQuery({}, 'told'),
    queryFn: () => Promise.resolve({ items: [first], next: `${(reads.list += 1)}` }),
  });
  const waiting = new QueryObserver(client, {
    ...waitingQuery('told'),
    queryFn: () => Promise.resolve(reads.waiting++ < 0 ? [first] : []),
  });
  const count = new QueryObserver(client, {
    ...countsQuery({}, 'told'),
    queryFn: () => Promise.resolve({ total: (reads.count += 1), isMore: false, statuses: {}, triggers: {} }),
  });
  const leave = [list, waiting, count].map((one) => one.subscribe(() => undefined));
  const shown = () => list.getCurrentResult().data?.pages.flatMap(({ items }) => items.map((one) => one.status));
  return { client, reads, shown, waiting, leave: () => leave.forEach((one) => one()) };
}

/** Lists that are told by a server that says things on the stream that was opened last. */
function hearing(client: QueryClient) {
  const stop = new AbortController();
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  void hearRuns(client, {
    signal: stop.signal,
    stand: () => undefined,
    send: () => Promise.resolve(new Response(new ReadableStream({ start: (one) => void streams.push(one) }))),
  });
  const say = async (data: unknown) => {
    streams.at(-1)!.enqueue(new TextEncoder().encode(`id: 1\ndata: ${JSON.stringify(data)}\n\n`));
    await vi.advanceTimersByTimeAsync(5_000);
  };
  return { stop, streams, say };
}

test('news are put into the lists without reading them; {again} and a stream that comes back read them', async () => {
  vi.useFakeTimers();
  try {
    const { client, reads, shown, waiting, leave } = looking();
    await vi.advanceTimersByTimeAsync(10);
    expect(reads).toEqual({ list: 1, waiting: 1, count: 1 });
    const { stop, streams, say } = hearing(client);
    await vi.advanceTimersByTimeAsync(5_000);
    // What moved before the stream was open.
    expect(reads).toEqual({ list: 2, waiting: 2, count: 2 });
    await say({ runs: [run('run_1', { status: 'waiting' })] });
    expect(shown()).toEqual(['waiting']);
    expect(waiting.getCurrentResult().data).toHaveLength(1);
    await say({
      runs: [run('run_1', { status: 'finished' }), run('run_2', { startedAt: '2026-11-21T08:00:01.000Z' })],
    });
    expect(shown()).toEqual(['running', 'finished']);
    expect(waiting.getCurrentResult().data).toEqual([]);
    expect(reads).toEqual({ list: 2, waiting: 2, count: 4 });
    await say({ again: true });
    expect(reads).toEqual({ list: 3, waiting: 3, count: 5 });
    streams.at(-1)!.close();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(streams).toHaveLength(2);
    expect(reads).toEqual({ list: 4, waiting: 4, count: 6 });
    stop.abort();
    leave();
    client.clear();
  } finally {
    vi.useRealTimers();
  }
});

test('a count that nobody looks at while something moves is read when somebody looks again', async () => {
  vi.useFakeTimers();
  try {
    const { client, reads, leave } = looking();
    await vi.advanceTimersByTimeAsync(10);
    const { stop, say } = hearing(client);
    await vi.advanceTimersByTimeAsync(5_000);
    leave();
    const before = { ...reads };
    await say({ runs: [run('run_2')] });
    expect(reads).toEqual(before);
    const { queryKey } = countsQuery({}, 'told');
    expect(client.getQueryState(queryKey)).toMatchObject({ isInvalidated: true });
    stop.abort();
    client.clear();
  } finally {
    vi.useRealTimers();
  }
});
