import { parseText } from '../text/json-pieces.ts';
import { depthMost, JsonTooMuch } from '../text/json-scan.ts';
import { inTurns, Turns } from '../text/turns.ts';
import type { Work } from '../text/turns.ts';
import { wideKeys } from '../text/wide-object.ts';
import type { CodeFault } from './job.ts';

/** The data in a guest's JSON, or why it may not come in. */
export type Received = { value: unknown } | { fault: CodeFault };

/**
 * Parses what the code returned and checks it, without trusting that the guest's own checks took place: no value nested
 * deeper than 64 (SAFETY 3), no key that would reach a prototype when somebody merges it. What is large is read in turns.
 */
export async function receive(json: string): Promise<Received> {
  try {
    const turns = new Turns();
    const value = await parseText(json, turns, 'depth');
    const why = await inTurns(trouble(value, 0), turns);
    return why ? bad(why) : { value };
  } catch (error) {
    return bad(error instanceof JsonTooMuch ? tooDeep : 'it is not JSON');
  }
}

const tooDeep = `it is nested deeper than ${depthMost} levels`;

const bad = (why: string): Received => ({
  fault: { code: 'code.bad-output', message: `What the code returned cannot be passed on: ${why}` },
});

/** So many values are looked at between two looks at the clock. */
const atOnce = 4_096;

/** What is wrong with a value, whatever it is made of; it lets others have their turn as it goes. */
function* trouble(value: unknown, depth: number, seen = { count: 0 }): Work<string | undefined> {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= depthMost) return tooDeep;
  const keys = Array.isArray(value) ? value.keys() : (wideKeys(value) ?? Object.keys(value));
  for (const key of keys) {
    if (++seen.count % atOnce === 0) yield;
    if (key === '__proto__') return 'a key is named __proto__';
    const inner: unknown = Reflect.get(value, key);
    if (typeof inner !== 'object' || inner === null) continue;
    if (key === 'constructor' && Object.hasOwn(inner, 'prototype'))
      return 'a key is named constructor and holds a prototype';
    const why = yield* trouble(inner, depth + 1, seen);
    if (why) return why;
  }
  return undefined;
}
