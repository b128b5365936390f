import type { CodeFault } from './job.ts';

/** Deeper values make `JSON.stringify` and structured cloning fail later on (SAFETY 3). */
const deepest = 64;

/** The data in a guest's JSON, or why it may not come in. */
export type Received = { value: unknown } | { fault: CodeFault };

/**
 * Parses what the code returned and checks it, without trusting that the guest's own checks took place: no value nested
 * deeper than 64, no key that would reach a prototype when somebody merges it.
 */
export function receive(json: string): Received {
  try {
    const value: unknown = JSON.parse(json);
    const why = trouble(value, 0);
    return why ? bad(why) : { value };
  } catch {
    return bad('it is not JSON');
  }
}

const bad = (why: string): Received => ({
  fault: { code: 'code.bad-output', message: `What the code returned cannot be passed on: ${why}` },
});

function trouble(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= deepest) return `it is nested deeper than ${deepest} levels`;
  for (const key in value) {
    if (key === '__proto__') return 'a key is named __proto__';
    const inner: unknown = Reflect.get(value, key);
    if (typeof inner !== 'object' || inner === null) continue;
    if (key === 'constructor' && Object.hasOwn(inner, 'prototype'))
      return 'a key is named constructor and holds a prototype';
    const why = trouble(inner, depth + 1);
    if (why) return why;
  }
  return undefined;
}
