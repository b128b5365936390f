import { index, json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

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
