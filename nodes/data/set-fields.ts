import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { convert } from './convert.ts';
import type { Conversion, FieldType } from './convert.ts';
import { assignPath, assertName, omitPaths, pickPaths } from './path.ts';
import type { Fresh } from './path.ts';

/** Which of the item's own fields stay. */
export type Keep = 'all' | 'none' | { readonly only: readonly string[] } | { readonly except: readonly string[] };

export interface SetField {
  readonly name: string;
  readonly type?: FieldType | undefined;
  readonly value?: unknown;
}

/** What `data.set` does to one item; with nothing to change it is the item itself. Never writes to the item. */
export function setFields(
  item: unknown,
  change: { readonly fields: readonly SetField[]; readonly keep: Keep; readonly json?: unknown },
  how: Pick<Conversion, 'zone' | 'engine' | 'budget'>,
): unknown {
  if (change.fields.length === 0 && change.json === undefined && change.keep === 'all') return item;
  const { engine } = how;
  const made = keepFields(item, change.keep, engine);
  if (change.json !== undefined) mergeJson(made, change.json, how);
  for (const { name, type, value } of change.fields) {
    const written = type === undefined ? (value ?? null) : convert(value, type, { ...how, field: name });
    assignPath(made, name, written, { engine, like: item });
  }
  return made;
}

/** A fresh object with the fields that stay. */
export function keepFields(item: unknown, keep: Keep, engine?: number): Fresh {
  if (keep === 'none') return {};
  if (keep === 'all') return isObject(item) ? { ...item } : {};
  return 'only' in keep ? pickPaths(item, keep.only, engine) : omitPaths(item, keep.except, engine);
}

function mergeJson(made: Fresh, json: unknown, { budget }: Pick<Conversion, 'budget'>): void {
  const object = convert(json, 'object', { zone: 'utc', field: 'json', budget });
  if (!isObject(object)) {
    throw new Fault('data.invalid', 'The JSON template is empty.', { mend: 'Write an object such as { "a": 1 }.' });
  }
  for (const name of Object.keys(object)) {
    assertName(name);
    made[name] = object[name];
  }
}
