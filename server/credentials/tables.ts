import { pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core';

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
