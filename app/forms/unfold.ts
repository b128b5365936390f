import { isExpression } from './expression-text.ts';
import type { Field } from './field.ts';

type Values = Readonly<Record<string, unknown>>;

/** Several fields of which one is filled in; `chosen` are those that are shown. */
export interface EitherPart {
  readonly kind: 'either';
  readonly title: string;
  readonly fields: readonly Field[];
  readonly chosen: readonly Field[];
}
export type Part = { readonly kind: 'field'; readonly field: Field } | EitherPart;

/** A form as far as it is unfolded. */
export interface Unfolded {
  readonly parts: readonly Part[];
  /** Options that can be added. */
  readonly addable: readonly Field[];
  /** Fields that do not matter now and have a value all the same: it is kept, and the form says so. */
  readonly idle: readonly Field[];
}

/** What a form shows for values. `opened` are the names of fields that somebody asked for. */
export function unfold(fields: readonly Field[], values: Values, opened: ReadonlySet<string>): Unfolded {
  const matters = (field: Field) => isShown(field, fields, values);
  const isOpen = ({ name }: Field) => hasValue(values, name) || opened.has(name);
  const parts = fields.flatMap((field): Part[] => {
    if (field.either !== undefined) return eitherPart(field, fields, isOpen);
    if (!matters(field)) return opened.has(field.name) ? [{ kind: 'field', field }] : [];
    return field.isOption && !isOpen(field) ? [] : [{ kind: 'field', field }];
  });
  return {
    parts,
    addable: fields.filter((field) => field.isOption && matters(field) && !isOpen(field)),
    idle: fields.filter((field) => !matters(field) && isSet(field, values) && !opened.has(field.name)),
  };
}

/** Stands where the first of its fields stands. */
function eitherPart(field: Field, fields: readonly Field[], isOpen: (field: Field) => boolean): Part[] {
  const title = field.either ?? '';
  const others = fields.filter(({ either }) => either === title);
  return others[0] === field ? [{ kind: 'either', title, fields: others, chosen: others.filter(isOpen) }] : [];
}

const hasValue = (values: Values, name: string): boolean => Object.hasOwn(values, name) && values[name] !== undefined;

/** Whether a field has a value of its own: not what it is anyway, and not an empty list. */
function isSet({ name, default: given }: Field, values: Values): boolean {
  const value = values[name];
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return false;
  return JSON.stringify(value) !== JSON.stringify(given);
}

/** Whether a field matters: each field that it hangs on has one of the values, or an expression, which may give any. */
function isShown({ show = {} }: Field, fields: readonly Field[], values: Values): boolean {
  return Object.entries(show).every(([name, words]) => {
    const value = hasValue(values, name) ? values[name] : fields.find((one) => one.name === name)?.default;
    return isExpression(value) || words.includes(value);
  });
}

/** What a field hangs on, for the hint beside a value that does nothing: `Mode is By position`. */
export function whyIdle({ show = {} }: Field, fields: readonly Field[], values: Values): string {
  const [name] = Object.keys(show);
  const other = fields.find((one) => one.name === name);
  if (!other) return '';
  const value = values[other.name] ?? other.default;
  if (other.control.kind === 'switch') return `${other.title} is ${value === true ? 'on' : 'off'}`;
  const { control } = other;
  const label = control.kind === 'choice' ? control.options.find((one) => one.value === value)?.label : undefined;
  return value === undefined ? `${other.title} is not set` : `${other.title} is “${label ?? String(value)}”`;
}

/** What an option is once it is added: a switch is added to be another than it is anyway, all else is filled in then. */
export const addedValue = ({ control, default: given }: Field): boolean | undefined =>
  control.kind === 'switch' && typeof given === 'boolean' ? !given : undefined;
