import { tooMuch } from '../faults.ts';
import { limits } from '../limits.ts';
import type { Run } from '../run.ts';

/**
 * Looks at the texts that are about to be printed as JSON: those that are too long together are a fault before they are joined and not after, for
 * the host aborts on some of them.
 */
export function weigh(run: Run, data: unknown): void {
  const length = lengthOf(run, data);
  if (length > limits.text) throw tooMuch('The expression builds too long a text.');
  run.budget?.aboutJson(length);
}

/** The characters of all texts in plain data, which its JSON is longer than. */
function lengthOf(run: Run, data: unknown): number {
  if (typeof data === 'string') return data.length;
  if (typeof data !== 'object' || data === null) return 1;
  let length = 0;
  for (const part of Object.values(data)) {
    length += lengthOf(run, part);
    if (length > limits.text) return length;
    run.budget?.spend(1);
  }
  return length;
}
