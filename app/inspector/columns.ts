import { isObject } from '../../flow/document/json.ts';
import { typeWords } from '../forms/expression-result.ts';

/** A column of a table of items. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNumber: boolean;
}

const looked = 200;
const most = 60;

/**
 * The columns of items: every field of the first 200, in the order in which they come; values that are no objects have one, and
 * so have items without any field, which say that they are empty.
 */
export function columnsOf(items: readonly unknown[]): Column[] {
  const types = new Map<string, Set<string>>();
  for (const item of items.slice(0, looked)) {
    const fields = isObject(item) ? Object.entries(item) : [['value', item] as const];
    for (const [name, value] of fields) {
      const known = types.get(name) ?? new Set();
      if (value !== undefined && value !== null) known.add(typeWords(value));
      types.set(name, known);
    }
  }
  if (types.size === 0 && items.length > 0) types.set(noFields, new Set(['object']));
  return [...types].slice(0, most).map(([name, known]) => ({
    name,
    type: [...known].join(' | '),
    isNumber: known.size === 1 && known.has('number'),
  }));
}

/** The column of items of which none has a field. */
const noFields = 'value';

/** What stands in a cell: short text; empty where the item has no such field. */
export function cellText(item: unknown, column: string): string {
  if (column === noFields && isObject(item) && Object.keys(item).length === 0) return '{} (no fields)';
  const value = isObject(item) ? item[column] : column === 'value' ? item : undefined;
  if (value === undefined) return '';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
