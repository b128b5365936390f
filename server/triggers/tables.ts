import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const at = () => timestamp({ withTimezone: true });

/**
 * The inbox: every accepted trigger, with the fields of a CloudEvent, before anything acts on it. Immutable. Written by the flusher of
 * server/runs in the statement that starts the run.
 */
export const events = pgTable(
  'events',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    source: text().notNull(),
    type: text().notNull(),
    subject: text(),
    time: at().notNull(),
    data: json(),
    trigger: text(),
    dedupeKey: text(),
    run: text(),
  },
  (t) => [index('events_by_time').on(t.workspaceId, t.time)],
);

/**
 * Which run took a trigger's dedupe key, until when (E28: 24 h). A table of its own because events never change and a key comes free again:
 * a unique index on `events` could not forget.
 */
export const dedupeKeys = pgTable(
  'dedupe_keys',
  {
    workspaceId: text().notNull(),
    trigger: text().notNull(),
    key: text().notNull(),
    run: text().notNull(),
    until: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.trigger, t.key] }), index('dedupe_keys_by_end').on(t.until)],
);

/**
 * The triggers of every published version: swapped whole when a version is published, gone when it is unpublished. `path` and `shape` are a
 * webhook's or form's: two with one shape and one method in one workspace cannot both be published.
 */
export const triggers = pgTable(
  'triggers',
  {
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    /** The start node's key. */
    key: text().notNull(),
    version: integer().notNull(),
    /** The node's type without its family: `webhook`, `form`, `schedule`, `called`, `failed`, `manual`. */
    kind: text().notNull(),
    path: text(),
    /** The path with its parameters' names taken away: `orders/:`. */
    shape: text(),
    methods: text().array(),
    params: json().notNull(),
    /** A schedule's next fire. */
    nextFire: at(),
  },
  (t) => [
    primaryKey({ columns: [t.workflow, t.key] }),
    index('triggers_by_shape').on(t.workspaceId, t.kind, t.shape),
    index('triggers_due')
      .on(t.nextFire)
      .where(sql`next_fire is not null`),
  ],
);

/** Counts the changes of a workspace's triggers, so that each process knows when to read them again; its lock lets one publish happen at a time. */
export const triggerSets = pgTable('trigger_sets', {
  workspaceId: text().primaryKey(),
  revision: bigint({ mode: 'number' }).notNull(),
});

/** Paths that a workflow gave up: no other takes them until then, so that old callers do not end up with strangers (SAFETY 4.3). */
export const releasedPaths = pgTable(
  'released_paths',
  {
    workspaceId: text().notNull(),
    kind: text().notNull(),
    shape: text().notNull(),
    workflow: text().notNull(),
    until: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.kind, t.shape] })],
);

/**
 * Headers by which callers of a path prove who they are: callers go on sending them when a later version asks for less, so until then, for ever while
 * they are live, no item shows them, whatever webhook answers there.
 */
export const proofs = pgTable(
  'proofs',
  {
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    shape: text().notNull(),
    /** The header's name in small letters. */
    header: text().notNull(),
    until: at().notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflow, t.shape, t.header] })],
);

/**
 * A draft's webhook that somebody is about to call, while they look: where (only the hash of the token is stored), until when, and the one
 * call that came. Nothing live is started by it.
 */
export const testCalls = pgTable(
  'test_calls',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    /** The start node's key. */
    key: text().notNull(),
    /** Who listens: nobody else reads the call. */
    by: text().notNull(),
    tokenHash: text().notNull(),
    /** The params of the webhook or form as the draft had them. */
    params: json().notNull(),
    until: at().notNull(),
    /** Whether who calls waits for the answer of the run that is started with the call. */
    awaits: boolean().notNull().default(false),
    /** The item that the start would deliver. */
    call: json(),
    calledAt: at(),
    /** The run that was started with the call. */
    run: text(),
  },
  (t) => [uniqueIndex('test_calls_by_token').on(t.tokenHash), index('test_calls_by_end').on(t.until)],
);

/** Every moment at which a schedule fired, once: who inserts the row starts the run. */
export const fires = pgTable(
  'fires',
  {
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    key: text().notNull(),
    fireAt: at().notNull(),
    /** `started`, or `skipped` because the one before was still under way. */
    outcome: text().notNull(),
    run: text(),
    at: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workflow, t.key, t.fireAt] })],
);

/** Accepted events whose run may not start yet (E29): they wait for a turn, for a moment, or for others to be gathered with. */
export const pendingEvents = pgTable(
  'pending_events',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    /** The start node's key. */
    key: text().notNull(),
    /** What they are counted by, as the workflow's settings work it out of the event. */
    lot: text().notNull(),
    kind: text().notNull(),
    /** The run that it will start, or be gathered into. */
    run: text().notNull(),
    /** What came with it, or the blob that holds it (`inbox/kept-items.ts`): read when its run begins. */
    items: json().notNull(),
    /** How much came with it, wherever it is kept: what may wait is bounded. */
    bytes: integer().notNull().default(0),
    /** The run that it descends from by calls over HTTP. */
    descends: json(),
    /** The lots in which it counts, by setting; null of one that came before these were kept. */
    lots: json(),
    /** When it may start at the latest; those that wait for a turn have none. */
    due: at(),
    at: at().notNull().defaultNow(),
  },
  (t) => [
    index('pending_events_by_lot').on(t.workflow, t.lot, t.at),
    index('pending_events_due')
      .on(t.due)
      .where(sql`due is not null`),
    index('pending_events_by_run').on(t.run),
    index('pending_events_by_workflow').on(t.workspaceId, t.workflow, t.bytes),
  ],
);

/** Runs that hold a turn of a workflow's concurrency, or were counted by its throttle, since when. */
export const turns = pgTable(
  'turns',
  {
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    lot: text().notNull(),
    kind: text().notNull(),
    run: text().notNull(),
    /** Counts the starts of a throttle's lot, without a gap, so that the one that fills its limit is found and not counted to. */
    number: bigint({ mode: 'number' }).notNull().default(0),
    at: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.run, t.kind] }),
    index('turns_by_lot').on(t.workflow, t.kind, t.lot, t.at),
    index('turns_by_number')
      .on(t.workflow, t.lot, t.number)
      .where(sql`kind = 'throttle'`),
  ],
);
