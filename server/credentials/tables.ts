import { index, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core';

const at = () => timestamp({ withTimezone: true });

/**
 * One row a credential. Its secret is in `sealed` alone, encrypted under a data key of its own, which is in `wrapped`, encrypted under the
 * master key that `key_id` names: changing the master key wraps data keys anew and leaves `sealed` as it is.
 */
export const credentials = pgTable(
  'credentials',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    /** What documents call it. */
    name: text().notNull(),
    type: text().notNull(),
    /** Which fields of its type are set. */
    fields: text().array().notNull(),
    /** Hosts that it is lent to; none named: every host that its workflow may call. */
    hosts: text().array().notNull(),
    keyId: text().notNull(),
    wrapped: text().notNull(),
    sealed: text().notNull(),
    createdAt: at().notNull().defaultNow(),
    createdBy: text().notNull(),
    updatedAt: at().notNull().defaultNow(),
    updatedBy: text().notNull(),
  },
  (t) => [unique('credentials_by_name').on(t.workspaceId, t.name)],
);

/** What credentials held before they were changed or deleted, sealed as it was: so that it is known when a service says it back, and for nothing else. */
export const formerSecrets = pgTable(
  'former_secrets',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    /** The credential that held it: a secret opens in its place only. */
    credential: text().notNull(),
    type: text().notNull(),
    keyId: text().notNull(),
    wrapped: text().notNull(),
    sealed: text().notNull(),
    at: at().notNull().defaultNow(),
  },
  (t) => [index('former_secrets_by_time').on(t.workspaceId, t.at)],
);
