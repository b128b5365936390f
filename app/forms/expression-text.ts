import { isTemplate } from '../../flow/expression/template.ts';

/** Whether a stored value is an expression, by itself or among text. */
export const isExpression = (value: unknown): value is string => typeof value === 'string' && isTemplate(value);

/**
 * A fixed value as an expression to go on from: text and numbers stay what they are inside brackets, so that switching to an
 * expression changes nothing that runs.
 */
export function toExpression(value: unknown): string {
  if (isExpression(value)) return value;
  if (value === undefined || value === '') return '{{ $json. }}';
  return `{{ ${JSON.stringify(value)} }}`;
}

/** The fixed value that an expression says by itself (`{{ 5 }}` is 5); otherwise undefined: it says nothing without items. */
export function toFixed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  const inner = /^\{\{([\s\S]*)\}\}$/.exec(text.trim())?.[1];
  if (inner === undefined) return text.includes('{{') ? undefined : text;
  try {
    return JSON.parse(inner) as unknown;
  } catch {
    return undefined;
  }
}

/** Text of a control for any value, and back: what is not JSON is the text itself. */
export const printValue = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 1);

/** Reads what was typed into a control for any value. Numbers, booleans, lists and objects keep their kind. */
export function readValue(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (isExpression(text) || !/^(-?\d|true$|false$|null$|\[|\{|")/.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return text;
  }
}

/**
 * The text that a control of any value shows: what was typed for as long as it means what is stored, so that `1.0` may become
 * `1.05`; else what is stored.
 */
export const shownText = (typed: string | undefined, value: unknown): string =>
  typed !== undefined && printValue(readValue(typed)) === printValue(value) ? typed : printValue(value);
