import { isObject } from '../../flow/document/json.ts';
import { isExpression, printValue } from './expression-text.ts';
import type { Control, Field } from './field.ts';
import { variantOf } from './value-at.ts';

/** What an entry of a list calls itself: its name, title or field. */
export function nameOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined;
  const said = ['title', 'name', 'id', 'field', 'from'].map((name) => entry[name]);
  return said.find((word) => typeof word === 'string' && word !== '' && !isExpression(word)) as string | undefined;
}

/** A folded entry in a line: what it holds beside its name. */
export function summaryOf(entry: Field, value: unknown): string {
  const { control } = entry;
  if (control.kind === 'variants') {
    const variant = control.variants[variantOf(control.variants, value)];
    if (!variant) return '';
    return [variant.label, ...wordsOf(variant.control, value)].join(' · ');
  }
  return wordsOf(control, value).join(' · ');
}

function wordsOf(control: Control, value: unknown): string[] {
  if (control.kind !== 'object' || !isObject(value)) return [];
  const name = nameOf(value);
  const words = control.fields.flatMap((field) => word(field, value[field.name]) ?? []);
  return words.filter((one) => one !== name).slice(0, 3);
}

function word({ control, title }: Field, value: unknown): string | undefined {
  if (value === undefined || value === '' || value === false) return undefined;
  if (value === true) return title;
  if (control.kind === 'choice') return control.options.find((option) => option.value === value)?.label;
  if (control.kind === 'conditions') return 'conditions';
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.slice(0, 4).map(printValue).join(', ');
  return isObject(value) ? undefined : printValue(value).split('\n')[0]?.slice(0, 40);
}
