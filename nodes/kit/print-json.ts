import type { Budget } from '../../flow/facts/budget.ts';

/** A value as JSON text; what it weighs is told before it is printed, for the host aborts on texts that no memory holds. */
export function printJson(value: unknown, budget: Budget | undefined, indent?: number): string {
  if (budget) budget.aboutJson(lengthOf(budget, value, 0));
  return JSON.stringify(value, null, indent);
}

function lengthOf(budget: Budget, value: unknown, depth: number): number {
  budget.spend(1);
  budget.makes(typeof value === 'string' ? value.length : bytesAPlace);
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > deepest) return bytesAPlace;
  let length = bytesAPlace;
  for (const name in value) length += name.length + lengthOf(budget, value[name as keyof typeof value], depth + 1);
  return length;
}

/** What a field or element takes beside the text in it. */
const bytesAPlace = 8;
/** What is deeper is left to the host, which refuses what contains itself. */
const deepest = 500;
