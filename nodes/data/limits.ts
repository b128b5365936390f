import { Fault } from '../../flow/facts/faults.ts';

/** The most items that one node of this room makes of one batch. */
export const maxItems = 1_000_000;
/** The most characters of a text that one node of this room makes. */
export const maxText = 50_000_000;

/** Throws `items.limit` when a node is about to make more items than it may. */
export function assertCount(count: number): void {
  if (count <= maxItems) return;
  throw new Fault('items.limit', `The node would make more than ${maxItems} items.`, {
    mend: 'Use fewer items at a time: filter or limit them first, or work in batches with a loop.',
  });
}

/** Throws `items.limit` when a text is about to become longer than it may. */
export function assertLength(length: number): void {
  if (length <= maxText) return;
  throw new Fault('items.limit', `The text would be longer than ${maxText} characters.`, {
    mend: 'Use fewer items at a time: filter or limit them first, or work in batches with a loop.',
  });
}
