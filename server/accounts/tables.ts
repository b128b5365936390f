import { jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** The tenants. `slug` is in addresses (`/hooks/<slug>/…`), `id` is what every other table's `workspace_id` holds. */
export const workspaces = pgTable('workspaces', {
  id: text().primaryKey(),
  slug: text().notNull().unique(),
  name: text().notNull(),
  settings: jsonb().notNull().default({}),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});
