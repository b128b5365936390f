import { index, integer, json, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const at = () => timestamp({ withTimezone: true });

/**
 * One row a workflow: its draft, and which version is published. `revision` counts the draft's changes; a save names the one that it saw.
 * Documents are `json`, never `jsonb`, which would sort their keys.
 */
export const workflows = pgTable(
  'workflows',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    name: text().notNull(),
    document: json().notNull(),
    revision: integer().notNull().default(1),
    /** What the draft means and brings (`prints.ts`): compared with those of the version that is published. */
    fingerprint: text().notNull().default(''),
    published: integer(),
    createdAt: at().notNull().defaultNow(),
    updatedAt: at().notNull().defaultNow(),
    updatedBy: text(),
    deletedAt: at(),
  },
  (t) => [
    index('workflows_by_workspace').on(t.workspaceId, t.updatedAt),
    index('workflows_by_name').on(t.workspaceId, t.name),
  ],
);

/**
 * What was published, for ever: the document, the plan that it was compiled to and what publishing granted (E17, E31). Only what is read of the
 * document, titles and places, is that of the last time it was published.
 */
export const workflowVersions = pgTable(
  'workflow_versions',
  {
    workspaceId: text().notNull(),
    workflow: text().notNull(),
    version: integer().notNull(),
    document: json().notNull(),
    plan: json().notNull(),
    /** Of the plan, of the document's meaning and of what it brings (`prints.ts`): what has the first two is the same version. */
    fingerprint: text().notNull(),
    manifest: jsonb().notNull(),
    at: at().notNull().defaultNow(),
    by: text(),
    note: text(),
  },
  (t) => [primaryKey({ columns: [t.workflow, t.version] })],
);
