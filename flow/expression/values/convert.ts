import { tooMuch } from '../faults.ts';
import type { Run } from '../run.ts';
import { Box } from './box.ts';
import { isRecord } from './kinds.ts';

/** A value as JavaScript prints it in `'' + value`; lists print their elements with commas. */
export function toText(run: Run, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Box) return run.text(value.text(run));
  if (Array.isArray(value)) return joined(run, value, ',');
  return isRecord(value) ? '[object Object]' : String(value);
}

/** The elements of a list as one text; nothing where an element is undefined or null. */
export function joined(run: Run, list: unknown[], between: string): string {
  const view = run.view(list);
  run.length(view.length);
  run.calls++; // A list inside itself would never end; the same limit that stops recursion stops it.
  if (run.calls > 1000) throw tooMuch('The list is nested too deeply.');
  let text = '';
  for (let i = 0; i < view.length; i++) {
    const part = view[i] === undefined || view[i] === null ? '' : toText(run, view[i]);
    text = run.joined(i === 0 ? part : text + between + part);
  }
  run.calls--;
  return text;
}

/** A value as JavaScript counts with it; NaN when it is no number. */
export function toNumber(run: Run, value: unknown): number {
  if (typeof value === 'number') return value;
  if (value instanceof Box) return value.number();
  if (Array.isArray(value)) return Number(toText(run, value));
  if (typeof value === 'string') run.budget?.about(value.length);
  return isRecord(value) ? Number.NaN : Number(value);
}

/** A whole number argument: `fallback` when it is left out, 0 when it is no number. */
export function toInteger(run: Run, value: unknown, fallback = 0): number {
  if (value === undefined) return fallback;
  const number = Math.trunc(toNumber(run, value));
  return Number.isNaN(number) ? 0 : number;
}

/** A text argument, undefined when it is left out. */
export function optionalText(run: Run, value: unknown): string | undefined {
  return value === undefined ? undefined : toText(run, value);
}

/** A number argument, undefined when it is left out. */
export function optionalNumber(run: Run, value: unknown): number | undefined {
  return value === undefined ? undefined : toNumber(run, value);
}

type Primitive = string | number | boolean | null | undefined;

/** Without a hint: dates become text and everything else that counts becomes a number, as in JavaScript. */
function toPrimitive(run: Run, value: unknown): Primitive {
  if (value instanceof Box && value.kind !== 'date' && !Number.isNaN(value.number())) return value.number();
  if (typeof value === 'object' && value !== null) return toText(run, value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null ? null : undefined;
}

/** What `a + b` gives. */
export function add(run: Run, a: unknown, b: unknown): string | number {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const left = toPrimitive(run, a);
  const right = toPrimitive(run, b);
  if (typeof left === 'string' || typeof right === 'string') return run.joined(`${left}${right}`);
  return Number(left) + Number(right);
}

/** What `a == b` gives. */
export function looselyEqual(run: Run, a: unknown, b: unknown): boolean {
  const aIsObject = typeof a === 'object' && a !== null;
  const bIsObject = typeof b === 'object' && b !== null;
  if (aIsObject === bIsObject) {
    if (typeof a === 'string' && typeof b === 'string') run.reads(a);
    // oxlint-disable-next-line eqeqeq -- both sides are primitive or both objects: the host's rule needs no conversion
    return aIsObject ? a === b : a == b;
  }
  if (a === null || a === undefined || b === null || b === undefined) return false;
  const [left, right] = aIsObject ? [toPrimitive(run, a), b] : [a, toPrimitive(run, b)];
  // oxlint-disable-next-line eqeqeq -- as above
  return left == right;
}

/** What `a < b` gives; undefined where one of them is no number. */
export function isLess(run: Run, a: unknown, b: unknown): boolean | undefined {
  const left = a instanceof Box ? a.number() : toPrimitive(run, a);
  const right = b instanceof Box ? b.number() : toPrimitive(run, b);
  if (typeof left === 'string' && typeof right === 'string') {
    run.reads(left);
    return left < right;
  }
  const x = Number(left);
  const y = Number(right);
  return Number.isNaN(x) || Number.isNaN(y) ? undefined : x < y;
}
