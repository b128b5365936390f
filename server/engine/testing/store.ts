import type { Plan } from '../../../flow/compile/plan.ts';
import type { Fact } from '../../../flow/facts/fact.ts';
import { openBlobs, type BlobStore } from '../../journal/blobs.ts';
import {
  openFlusher,
  type Append,
  type AppendStart,
  type Flusher,
  type FlusherOptions,
  type RunPatch,
  type StageChange,
} from '../../journal/flusher.ts';
import type { Shelf } from '../../journal/shelf.ts';
import type { Database } from '../../db/connect.ts';

/** A flusher on a test's database, as a process of its own. */
export interface TestStore extends AsyncDisposable {
  readonly flusher: Flusher;
  readonly blobs: BlobStore;
}

export function openTestStore(
  database: Pick<Database, 'engine'>,
  options: Partial<Omit<FlusherOptions, 'blobs'>> = {},
  shelf?: Shelf,
): TestStore {
  const { boot = 'boot_a', leaseMs = 20_000, ...rest } = options;
  const blobs = openBlobs(database.engine.sql, shelf);
  const flusher = openFlusher(database.engine.sql, { boot, leaseMs, blobs, ...rest });
  return { flusher, blobs, [Symbol.asyncDispose]: () => flusher.close() };
}

export const at = 1_790_000_000_123;

export const plan: Plan = {
  heddle: 1,
  engine: 1,
  fingerprint: 'plan_1',
  nodes: {},
  stages: [],
  starts: ['hook'],
  settings: { timezone: 'UTC', replyWithinMs: 30_000 },
};

export const running: RunPatch = { status: 'running', needs: [], awaitsRuns: false, error: null, finishedAt: null };
export const finished: RunPatch = { status: 'finished', needs: [], awaitsRuns: false, error: null, finishedAt: at + 5 };
export const s1 = { stage: 's1', path: '' };
export const leased: StageChange = { ...s1, to: 'leased', lane: 'realtime', epoch: 1 };
export const gone: StageChange = { ...s1, to: 'gone', lane: 'realtime' };

export const startedFact = (run: string, items: readonly unknown[] = [{ n: 1 }]): Fact => ({
  type: 'run.started',
  at,
  data: {
    workflow: { id: 'wf_1', name: 'Orders', version: 1 },
    plan: plan.fingerprint,
    engine: 1,
    start: 'hook',
    input: { items: [...items] },
    lane: 'realtime',
    trigger: { kind: 'webhook', event: `evt_${run}` },
    mode: 'live',
    root: run,
    seed: run,
  },
});

/** The first append of a run: leased by the process that starts it. */
export function start(
  run: string,
  more: Partial<Append> & { event?: AppendStart['event']; workspace?: string } = {},
): Append {
  const { event, ...rest } = more;
  return {
    workspace: 'ws_1',
    run,
    expect: 0,
    facts: [startedFact(run)],
    row: running,
    start: {
      plan: { fingerprint: plan.fingerprint, plan, document: { heddle: 1, name: 'Orders', nodes: [], edges: [] } },
      ...(event && { event }),
    },
    stages: [leased],
    ...rest,
  };
}

/** The last append of a run whose one stage is held: three facts, the stage goes, the run is over. */
export function end(run: string, more: Partial<Append> = {}, items: readonly unknown[] = [{ n: 2 }]): Append {
  return {
    workspace: 'ws_1',
    run,
    expect: 1,
    facts: [
      {
        type: 'stage.finished',
        at: at + 1,
        data: {
          ...s1,
          nodes: [{ key: 'set', path: '', status: 'finished', out: { out: { items: [...items] } }, attempt: 1 }],
        },
      },
      { type: 'run.replied', at: at + 2, data: { reply: { status: 200, headers: {}, body: items[0], as: 'json' } } },
      { type: 'run.finished', at: at + 5, data: { output: [...items] } },
    ],
    fence: [{ ...s1, epoch: 1 }],
    row: finished,
    stages: [gone],
    ...more,
  };
}
