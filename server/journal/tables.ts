import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/**
 * The journal. `run_events` is the truth; `runs`, `stages` and `effects` mirror it and are written in the same statement (ENGINE, State), so
 * that `doctor --rebuild` can make them anew.
 *
 * What a person's data may be in is `json`, never `jsonb`: jsonb sorts the keys of objects, and an item read back from the journal must be the
 * item that flowed. It is also the quicker of the two here (bench/flush-shapes.ts).
 */
const at = () => timestamp({ withTimezone: true });
const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });

/** The facts of every run, append-only. `data` is the `data` of a Fact of that type. */
export const runEvents = pgTable(
  'run_events',
  {
    workspaceId: text().notNull(),
    run: text().notNull(),
    seq: integer().notNull(),
    type: text().notNull(),
    at: at().notNull(),
    data: json().notNull(),
  },
  (t) => [primaryKey({ columns: [t.run, t.seq] })],
);

/**
 * One row a run, for lists and for the conditional append (`seq` is that of the run's last fact). Indexes go up, because lists read them
 * backwards and `desc nulls last` would fit no query. Finished runs, nearly all, are not in the index by status: whoever asks for them reads
 * the one by time.
 */
export const runs = pgTable(
  'runs',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    workflowName: text().notNull(),
    version: integer(),
    status: text().notNull(),
    mode: text().notNull(),
    triggerKind: text().notNull(),
    event: text(),
    start: text().notNull(),
    lane: text().notNull(),
    seq: integer().notNull(),
    plan: text().notNull(),
    engine: integer().notNull(),
    startedAt: at().notNull(),
    finishedAt: at(),
    retryOf: text(),
    root: text().notNull(),
    parentRun: text(),
    parentPath: text(),
    parentNode: text(),
    parentItem: integer(),
    depth: integer().notNull().default(0),
    error: json(),
    needs: jsonb().notNull().default([]),
    /** Whether a call of it waits for runs that it started: who looks for ends that did not arrive reads no others. */
    awaitsRuns: boolean().notNull().default(false),
    hidden: boolean().notNull().default(false),
    /** Of a root that has many: how many runs it and those below it have started (`engine/families.ts`). */
    family: integer().notNull().default(0),
    /** And how many items those were given. */
    familyItems: bigint({ mode: 'number' }).notNull().default(0),
    /** Of its facts and large values so far; null for a run that began before this was counted. */
    bytes: bigint({ mode: 'number' }),
  },
  (t) => [
    index('runs_by_time').on(t.workspaceId, t.startedAt, t.id),
    index('runs_by_workflow').on(t.workspaceId, t.workflow, t.startedAt, t.id),
    index('runs_by_status')
      .on(t.workspaceId, t.status, t.startedAt, t.id)
      .where(sql`status <> 'finished'`),
    index('runs_by_parent')
      .on(t.parentRun)
      .where(sql`${t.parentRun} is not null`),
    index('runs_awaiting')
      .on(t.id)
      .where(sql`${t.awaitsRuns}`),
    index('runs_by_retry')
      .on(t.retryOf)
      .where(sql`${t.retryOf} is not null`),
    index('runs_by_root')
      .on(t.root)
      .where(sql`${t.retryOf} is not null`),
  ],
);

/** The claim on each stage that is not over: `ready` may be taken from `next_at`, `leased` is somebody's until `lease_until`, `waiting` is nobody's. */
export const stages = pgTable(
  'stages',
  {
    workspaceId: text().notNull(),
    run: text().notNull(),
    stage: text().notNull(),
    path: text().notNull(),
    state: text().notNull(),
    epoch: integer().notNull().default(0),
    leaseOwner: text(),
    leaseUntil: at(),
    nextAt: at(),
    lane: text().notNull(),
    crashes: integer().notNull().default(0),
    /** How often recovery could not read its run since something was last appended to it: each time it waits longer. */
    tries: integer().notNull().default(0),
    /** Whether it runs code of a person's: a process of role `web` does not take those. */
    code: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.run, t.stage, t.path] }),
    index('stages_ready')
      .on(t.lane, t.nextAt)
      .where(sql`state = 'ready'`),
    // Who waits in a lane, a workspace each: what a fair turn is found by (SAFETY G21).
    index('stages_ready_by_workspace')
      .on(t.lane, t.workspaceId, t.nextAt)
      .where(sql`state = 'ready'`),
    index('stages_leased')
      .on(t.leaseUntil)
      .where(sql`state = 'leased'`),
  ],
);

/** Intents without an outcome; a row goes when the outcome is appended. `item` is -1 and `call` empty where the intent has none. */
export const effects = pgTable(
  'effects',
  {
    workspaceId: text().notNull(),
    run: text().notNull(),
    stage: text().notNull(),
    path: text().notNull(),
    node: text().notNull(),
    item: integer().notNull().default(-1),
    call: text().notNull().default(''),
    epoch: integer().notNull(),
    class: text().notNull(),
    key: text().notNull(),
    at: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.run, t.stage, t.path, t.node, t.item, t.call] })],
);

/** What runs are pinned to (E17), by content: the compiled plan and the document that it came from. */
export const plans = pgTable(
  'plans',
  {
    workspaceId: text().notNull(),
    fingerprint: text().notNull(),
    plan: json().notNull(),
    document: json().notNull(),
    /** When a process last brought it along, at most an hour ago while it is in use: what is older than days and named by nothing goes. */
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.fingerprint] })],
);

/** Values too large for a row (E19), by the sha-256 of their JSON; `size` is that of the JSON in bytes. */
export const blobs = pgTable(
  'blobs',
  {
    workspaceId: text().notNull(),
    hash: text().notNull(),
    size: integer().notNull(),
    codec: text().notNull(),
    chunks: integer().notNull(),
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.hash] })],
);

/** The compressed bytes of a blob, 1 MB a row. */
export const blobChunks = pgTable(
  'blob_chunks',
  {
    workspaceId: text().notNull(),
    hash: text().notNull(),
    n: integer().notNull(),
    bytes: bytea().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.hash, t.n] })],
);

/** Which runs may name a blob, so that retention can tell when nobody does. Written before the fact that names it. */
export const blobRefs = pgTable(
  'blob_refs',
  {
    workspaceId: text().notNull(),
    hash: text().notNull(),
    run: text().notNull(),
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.hash, t.run] }), index('blob_refs_by_run').on(t.run)],
);

/** One row a process that carries stages out, by the id that it drew when it started. */
export const workers = pgTable('workers', {
  bootId: text().primaryKey(),
  /** graphile-worker's pool ids: what `force_unlock_workers` wants (SAFETY G2). */
  poolIds: text().array().notNull(),
  pid: integer().notNull(),
  host: text().notNull(),
  /** The machine's boot and the process namespace in which `pid` means something, and when the process began: see `server/work/who.ts`. */
  place: text().notNull().default(''),
  began: text().notNull().default(''),
  version: text().notNull(),
  roles: text().array().notNull(),
  heartbeatAt: at().notNull(),
  draining: boolean().notNull().default(false),
});

/** Which node each resume token lets in to (E13), by the hash of what the far side holds; it goes with its run. */
export const tokens = pgTable(
  'tokens',
  {
    hash: text().primaryKey(),
    workspaceId: text().notNull(),
    run: text().notNull(),
    stage: text().notNull(),
    path: text().notNull(),
    node: text().notNull(),
  },
  (t) => [index('tokens_by_run').on(t.run)],
);

/** The folded state of a long run at a fact (E20); only ever a cache. */
export const snapshots = pgTable('snapshots', {
  run: text().primaryKey(),
  workspaceId: text().notNull(),
  seq: integer().notNull(),
  state: json().notNull(),
});
