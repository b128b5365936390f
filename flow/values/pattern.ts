import { programOf, searchSteps } from '../expression/regex/program.ts';
import { Halt } from '../expression/faults.ts';
import type { Budget } from '../facts/budget.ts';
import { Fault } from '../facts/faults.ts';

/**
 * Tells whether the pattern, as JavaScript writes them, is found in the text: by the expressions' own engine (re2), in linear time
 * whatever the pattern. Throws `data.invalid` for what is no pattern.
 */
export function matchesPattern(text: string, pattern: string, ignoreCase: boolean, budget?: Budget): boolean {
  try {
    const made = programOf(pattern, ignoreCase ? 'iu' : 'u', budget);
    budget?.about(searchSteps(made, text.length));
    return made.program.matcher(text).find();
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    throw new Fault('data.invalid', error.message, { mend: error.mend, done: 'no', details: { pattern } });
  }
}
