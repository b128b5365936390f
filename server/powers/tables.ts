import { index, json, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

/** Small durable values of a workflow, by key: what `data.state` keeps between runs. */
export const stateValues = pgTable(
  'state_values',
  {
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    key: text().notNull(),
    value: json().notNull(),
    changedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.workflow, t.key] })],
);

/** What a change to a state value answered, by the idempotency key of its call: a repeated attempt gets the same answer and changes nothing. */
export const stateChanges = pgTable(
  'state_changes',
  {
    workspaceId: text().notNull(),
    key: text().notNull(),
    answer: json().notNull(),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.key] }), index('state_changes_by_time').on(t.at)],
);
