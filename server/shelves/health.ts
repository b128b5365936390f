import { createHash, randomUUID } from 'node:crypto';
import { Fault } from '../../flow/facts/faults.ts';
import type { Shelf } from '../journal/shelf.ts';

/** Where large values stand and whether they can: for `heddle doctor`. */
export interface ShelfHealth {
  readonly where: string;
  readonly isWritable: boolean;
  /** The same in lines. */
  readonly words: readonly string[];
}

/** No workspace has this name: theirs begin with their kind. */
const workspace = 'doctor';

/** Puts something on the shelf, reads it and takes it away again. */
export async function shelfHealth(shelf: Shelf | undefined): Promise<ShelfHealth> {
  if (!shelf) return { where: 'Postgres', isWritable: true, words: ['large values: in Postgres'] };
  const { where } = shelf;
  const trouble = await attempt(shelf);
  const words = trouble
    ? [`large values: ${where}, which cannot be used`, ...trouble]
    : [`large values: ${where}, which can be written`];
  return { where, isWritable: trouble === undefined, words };
}

async function attempt(shelf: Shelf): Promise<string[] | undefined> {
  const bytes = new TextEncoder().encode(`heddle doctor ${randomUUID()}`);
  const place = { workspace, hash: createHash('sha256').update(bytes).digest('base64url') };
  try {
    await shelf.put(place, bytes);
    const back = await shelf.get(place);
    await shelf.drop(place);
    return back && Buffer.compare(back, bytes) === 0 ? undefined : ['  What was written did not come back.'];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [`  ${error.message}`, ...(error.mend ? [`  ${error.mend}`] : [])];
  }
}
