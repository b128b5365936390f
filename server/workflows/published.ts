import { withWorkspace } from '../db/connect.ts';
import type { ReadPublished } from '../triggers/directory.ts';
import { findRow } from './store.ts';
import type { Store } from './store.ts';
import { readPlan } from './versions.ts';

/** Versions as triggers start them. */
export const publishedReader =
  (database: Store): ReadPublished =>
  async (workspace, id, version) => {
    const found = await readPlan(database, workspace, id, version);
    if (!found) return undefined;
    const { name } = await withWorkspace(database, workspace, (tx) => findRow(tx, id));
    return { id, name, version, ...found };
  };
