import { isObject } from '../../flow/document/json.ts';
import type { Field, Variant } from './field.ts';

/** A place inside params. */
export type Path = readonly (string | number)[];

/** A place as Issues name it, `rules[0].every`, in steps. */
export const stepsOf = (place: string): Path =>
  [...place.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name = '']) =>
    index === undefined ? name : Number(index),
  );

/** The value at a place; undefined when there is none. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      Array.isArray(inner) && typeof step === 'number'
        ? inner[step]
        : isObject(inner) && Object.hasOwn(inner, step)
          ? inner[step]
          : undefined,
    value,
  );

/** A value with another at a place; undefined takes the field away. Records and lists on the way are made where missing. */
export function withValueAt(whole: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(whole) ? whole : [];
    return rest.length === 0 && value === undefined
      ? list.toSpliced(step, 1)
      : Object.assign([...list], { [step]: withValueAt(list[step], rest, value) });
  }
  const record = isObject(whole) ? whole : {};
  const inner = withValueAt(Object.hasOwn(record, step) ? record[step] : undefined, rest, value);
  if (inner !== undefined) return { ...record, [step]: inner };
  const { [step]: _gone, ...others } = record;
  return others;
}

/** A record with other values; those that are undefined are taken away. */
export const withValues = (
  record: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ ...record, ...values }).filter(([, value]) => value !== undefined));

/** What a new entry of a list begins with: the fields that must be there. */
export function blankOf({ control, default: given }: Field): unknown {
  if (given !== undefined) return given;
  switch (control.kind) {
    case 'object':
      return Object.fromEntries(
        control.fields.filter(({ required }) => required).map((field) => [field.name, blankOf(field)]),
      );
    case 'variants':
      return control.variants[0] ? blankVariant(control.variants[0]) : '';
    case 'list':
    case 'table':
    case 'several':
      return [];
    case 'switch':
      return false;
    case 'number':
      return control.min ?? 0;
    case 'pairs':
      return {};
    case 'choice':
      return control.options[0]?.value ?? '';
    case 'conditions':
      return { all: [] };
    default:
      return '';
  }
}

/** A value in the form of a variant, with nothing filled in. */
export function blankVariant({ fixed, control }: Variant): unknown {
  if ('' in fixed) return fixed[''];
  if (control.kind !== 'object')
    return blankOf({ name: '', title: '', control, required: true, isOpen: false, default: undefined });
  const fields = control.fields.filter(({ required }) => required).map((field) => [field.name, blankOf(field)]);
  return { ...Object.fromEntries(fields), ...fixed };
}

/** Which of the forms a value has: all its fixed fields agree, and it has the field that tells; -1 for none. */
export function variantOf(variants: readonly Variant[], value: unknown): number {
  return variants.findIndex(({ fixed, control }) => {
    if ('' in fixed) return fixed[''] === value;
    if (control.kind !== 'object') return value !== undefined && !isObject(value) === (control.kind !== 'pairs');
    if (!isObject(value)) return false;
    const names = Object.keys(fixed);
    if (names.length > 0) return names.every((name) => value[name] === fixed[name]);
    return control.fields.some(({ name, required }) => required && Object.hasOwn(value, name));
  });
}
