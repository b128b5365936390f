import { ObjectBuilder, wideKeys } from '../text/wide-object.ts';
import type { Turns } from '../text/turns.ts';

/** What expressions make and JSON has no word for, by the name under which it travels. */
const words = { undefined, nan: NaN, infinity: Infinity, 'minus-infinity': -Infinity, 'minus-zero': -0 } as const;
type Word = keyof typeof words;

/** Where such values stand: by the key of a list or object, and within. */
export type Odd = Word | readonly (readonly [key: string, odd: Odd])[];

const wordOf = (value: unknown): Word | undefined => {
  if (value === undefined) return 'undefined';
  if (typeof value !== 'number') return undefined;
  if (Number.isNaN(value)) return 'nan';
  if (Object.is(value, -0)) return 'minus-zero';
  return value === Infinity ? 'infinity' : value === -Infinity ? 'minus-infinity' : undefined;
};

/** A value with null in place of all that JSON has no word for, and where that stood; the same value where there is none. */
export function withoutOdd(value: unknown): { readonly json: unknown; readonly odd?: Odd } {
  const word = wordOf(value);
  if (word !== undefined) return { json: null, odd: word };
  if (typeof value !== 'object' || value === null) return { json: value };
  const odd: [string, Odd][] = [];
  const changed = new Map<string, unknown>();
  for (const key of Object.keys(value)) {
    const inner = withoutOdd(Reflect.get(value, key));
    if (inner.odd === undefined) continue;
    odd.push([key, inner.odd]);
    changed.set(key, inner.json);
  }
  if (odd.length === 0) return { json: value };
  const entries = Object.entries(value).map(([key, one]: [string, unknown]): [string, unknown] => [
    key,
    changed.has(key) ? changed.get(key) : one,
  ]);
  return { json: Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries), odd };
}

/** The value that was there, made of its JSON, which is changed where that can be. */
export async function withOdd(json: unknown, odd: Odd, turns: Turns): Promise<unknown> {
  if (typeof odd === 'string') return words[odd];
  if (typeof json !== 'object' || json === null) return json;
  const wide = wideKeys(json);
  const made = new Map<string, unknown>();
  for (const [key, inner] of odd) {
    const value = typeof inner === 'string' ? words[inner] : await withOdd(Reflect.get(json, key), inner, turns);
    if (wide) made.set(key, value);
    else Reflect.defineProperty(json, key, { value, enumerable: true, configurable: true, writable: true });
    await turns.taken();
  }
  if (!wide) return json;
  const builder = new ObjectBuilder();
  for (const key of wide) {
    builder.set(key, made.has(key) ? made.get(key) : Reflect.get(json, key));
    await turns.taken();
  }
  return builder.value;
}
