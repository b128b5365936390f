import * as z from 'zod';
import { readWorkflow } from '../api/workflows.ts';
import { localDraftsOf } from '../canvas/local-draft.ts';
import { savesOf } from '../canvas/saving.ts';
import { keep, keptAs, store } from '../host/keep.ts';

const name = 'heddle.untouched';
const made = z.object({ id: z.string(), revision: z.number() });

/** Remembers in this browser the workflow that New workflow made last. */
export const keepUntouched = (workflow: z.infer<typeof made>): boolean => keep(name, JSON.stringify(workflow));

/**
 * The workflow that this browser made last and nobody has changed since, here or elsewhere: another press of New workflow opens it again, so
 * that no heap of empty ones grows. Undefined when there is none.
 */
export async function findUntouched(read = readWorkflow): Promise<string | undefined> {
  const last = keptAs(name, made);
  if (!last) return undefined;
  await savesOf(last.id);
  const now = await read(last.id).catch(() => undefined);
  if (now?.revision === last.revision && localDraftsOf(store(), last.id).length === 0) return last.id;
  keep(name, undefined);
  return undefined;
}
