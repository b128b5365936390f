import * as z from 'zod';
import { Fault } from '../../flow/facts/faults.ts';

/** What is remembered: marks of items, oldest first, and how many of the last ones the call `by` added. */
export const memory = z.object({
  marks: z.array(z.string()),
  by: z.string(),
  added: z.int().min(0),
});
export type Memory = z.infer<typeof memory>;

/** What a batch comes to: which items are new, by index, and the memory after it. */
export interface Sifted {
  readonly fresh: ReadonlySet<number>;
  readonly after: Memory;
}

/**
 * Tells new items from seen ones. A call that is repeated after a crash finds its own marks and does not count them, so it
 * comes to the same end. What is seen again counts as recent; the oldest marks over `remember` are forgotten.
 */
export function sift(marks: readonly string[], before: Memory | undefined, call: string, remember: number): Sifted {
  const own = before?.by === call ? before.added : 0;
  const known = new Set(before?.marks.slice(0, before.marks.length - own));
  const fresh = new Set<number>();
  const added = new Set<string>();
  const again = new Set<string>();
  marks.forEach((mark, index) => {
    if (known.has(mark)) again.add(mark);
    else if (!added.has(mark)) {
      fresh.add(index);
      added.add(mark);
    }
  });
  if (again.size + added.size > remember) {
    throw new Fault('items.limit', `The batch has more than the ${remember} different items that are remembered.`, {
      mend: 'Raise Items to remember, or send fewer items at a time.',
    });
  }
  const older = [...known].filter((mark) => !again.has(mark));
  return { fresh, after: { marks: [...older, ...again, ...added].slice(-remember), by: call, added: added.size } };
}
