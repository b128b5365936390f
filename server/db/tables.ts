import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * Who may do what with a table. Every class with a `workspace_id` column is under forced row-level security, whatever it is declared as.
 *
 * | class   | heddle_app | heddle_engine | for                                                               |
 * |---------|------------|---------------|-------------------------------------------------------------------|
 * | tenant  | all        | none          | what people make: workflows, credentials, settings                |
 * | joint   | all        | all           | what people set and the engine moves on: triggers, schedules      |
 * | journal | read       | all           | what the engine alone writes: runs, stages, effects, blobs        |
 * | facts   | read       | read, insert  | append-only: a trigger refuses change even to the owner           |
 * | engine  | none       | all           | of the whole installation, no workspace: workers, leases          |
 * | global  | all        | read          | of the whole installation, no workspace: accounts, sessions       |
 */
export type TableClass = 'tenant' | 'joint' | 'journal' | 'facts' | 'engine' | 'global';

/** One table and its class. */
export interface Declared {
  table: PgTable;
  as: TableClass;
}

/**
 * Every table of the product. To add one: write it in your room's `tables.ts` (drizzle-kit finds `server/<room>/tables.ts` by itself), add a
 * line here, run `npm run db:generate` and commit the migration. Grants, row-level security, policies and the triggers of `facts` follow by
 * themselves at the next start. A table that is not listed is closed to both roles, and `tables.test.ts` fails.
 *
 *     import { runEvents, runs } from '../runs/tables.ts';
 *     { table: runs, as: 'journal' }, { table: runEvents, as: 'facts' },
 */
export const tables: readonly Declared[] = [];
