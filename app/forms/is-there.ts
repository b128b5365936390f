import type { Control, Field } from './field.ts';
import { isObject } from '../../flow/document/json.ts';
import type { KeptRoom } from './kept.ts';
import { unfold } from './unfold.ts';
import { stepsOf, variantOf } from './value-at.ts';
import type { Path } from './value-at.ts';

const nothing: ReadonlySet<unknown> = new Set();

/** Whether a form shows the field at a place of params: what a choice elsewhere has hidden is in nobody's way. */
export const isThere = (fields: readonly Field[], params: unknown, room: KeptRoom, path: string): boolean =>
  isAmong(fields, params, { room, at: '', steps: stepsOf(path) });

interface Way {
  readonly room: KeptRoom;
  /** What the names of these fields follow upon. */
  readonly at: string;
  readonly steps: Path;
}

function isAmong(fields: readonly Field[], value: unknown, { room, at, steps }: Way): boolean {
  const [name, ...rest] = steps;
  const values = isObject(value) ? value : {};
  const opened = room.get(at, 'opened')?.value;
  const names = new Set([...(opened instanceof Set ? opened : nothing)].map(String));
  const shown = unfold(fields, values, names).parts.flatMap((part) =>
    part.kind === 'field' ? [part.field] : part.chosen,
  );
  const field = shown.find((one) => one.name === name);
  return field !== undefined && isInside(field.control, values[field.name], { room, at: `${at}${name}`, steps: rest });
}

function isInside(control: Control, value: unknown, way: Way): boolean {
  const { room, at, steps } = way;
  if (steps.length === 0) return true;
  if (control.kind === 'object') return isAmong(control.fields, value, { room, at: `${at}.`, steps });
  if (control.kind === 'variants') {
    const variant = control.variants[variantOf(control.variants, value)];
    return variant !== undefined && isInside(variant.control, value, way);
  }
  const [index, ...rest] = steps;
  if (control.kind !== 'list' || typeof index !== 'number') return true;
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    index in entries && isInside(control.entry.control, entries[index], { room, at: `${at}[${index}]`, steps: rest })
  );
}
