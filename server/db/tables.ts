import type { PgTable } from 'drizzle-orm/pg-core';
import {
  apiKeys,
  attempts,
  invites,
  logins,
  members,
  oidcProviders,
  sessions,
  users,
  verifications,
  workspaces,
} from '../accounts/tables.ts';
import { credentials, formerSecrets } from '../credentials/tables.ts';
import {
  blobChunks,
  blobRefs,
  blobs,
  effects,
  plans,
  runEvents,
  runs,
  snapshots,
  stages,
  tokens,
  workers,
} from '../journal/tables.ts';
import { stateChanges, stateValues } from '../powers/tables.ts';
import {
  dedupeKeys,
  events,
  fires,
  pendingEvents,
  proofs,
  releasedPaths,
  testCalls,
  triggers,
  triggerSets,
  turns,
} from '../triggers/tables.ts';
import { workflowVersions, workflows } from '../workflows/tables.ts';

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
 * themselves at the next start. A table that is not listed is closed to both roles, and
 * `access.test.ts` fails.
 *
 *     import { runEvents, runs } from '../journal/tables.ts';
 *     { table: runs, as: 'journal' }, { table: runEvents, as: 'facts' },
 */
export const tables: readonly Declared[] = [
  { table: workspaces, as: 'global' },
  { table: users, as: 'global' },
  { table: sessions, as: 'global' },
  { table: logins, as: 'global' },
  { table: verifications, as: 'global' },
  { table: members, as: 'global' },
  { table: invites, as: 'global' },
  { table: apiKeys, as: 'global' },
  { table: oidcProviders, as: 'global' },
  { table: attempts, as: 'global' },
  { table: events, as: 'facts' },
  { table: dedupeKeys, as: 'journal' },
  { table: runEvents, as: 'facts' },
  { table: runs, as: 'journal' },
  { table: stages, as: 'journal' },
  { table: effects, as: 'journal' },
  { table: plans, as: 'journal' },
  { table: blobs, as: 'journal' },
  { table: blobChunks, as: 'journal' },
  { table: blobRefs, as: 'journal' },
  { table: tokens, as: 'journal' },
  { table: snapshots, as: 'journal' },
  { table: stateValues, as: 'journal' },
  { table: stateChanges, as: 'journal' },
  { table: workers, as: 'engine' },
  { table: credentials, as: 'tenant' },
  { table: formerSecrets, as: 'joint' },
  { table: workflows, as: 'tenant' },
  { table: workflowVersions, as: 'tenant' },
  { table: triggers, as: 'joint' },
  { table: triggerSets, as: 'joint' },
  { table: testCalls, as: 'joint' },
  { table: releasedPaths, as: 'joint' },
  { table: proofs, as: 'joint' },
  { table: fires, as: 'joint' },
  { table: pendingEvents, as: 'joint' },
  { table: turns, as: 'joint' },
];
