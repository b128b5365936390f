import { isObject } from '../../flow/document/json.ts';

/** The way to a value inside an item: field names and places in lists. */
export type JsonPath = readonly (string | number)[];

/** A line of a value drawn as a tree. */
export interface JsonLine {
  readonly id: string;
  readonly depth: number;
  /** The field or place that it stands at; undefined for the item itself. */
  readonly name: string | number | undefined;
  /** Which item, and where in it. */
  readonly item: number;
  readonly path: JsonPath;
  readonly value: unknown;
  readonly kind: 'object' | 'list' | 'text' | 'number' | 'word';
  /** Whether there is something in it to open. */
  readonly isBranch: boolean;
  readonly isOpen: boolean;
}

/** What is open: as told line by line, else by depth. */
export interface Openness {
  readonly told: ReadonlyMap<string, boolean>;
  /** Lines above this depth stand open by themselves. */
  readonly depth: number;
}

/** The lines of some items, in order: only what is open is gone into, so that 10,000 closed items are 10,000 lines. */
export function linesOf(items: readonly unknown[], indexes: readonly number[], openness: Openness): JsonLine[] {
  const lines: JsonLine[] = [];
  const add = (value: unknown, item: number, path: JsonPath, id: string) => {
    const kind = kindOf(value);
    const members = membersOf(value);
    const isBranch = members.length > 0;
    const isOpen = isBranch && (openness.told.get(id) ?? path.length < openness.depth);
    lines.push({ id, depth: path.length, name: path.at(-1), item, path, value, kind, isBranch, isOpen });
    if (isOpen) for (const [name, member] of members) add(member, item, [...path, name], `${id}/${name}`);
  };
  for (const index of indexes) add(items[index], index, [], String(index));
  return lines;
}

function kindOf(value: unknown): JsonLine['kind'] {
  if (Array.isArray(value)) return 'list';
  if (isObject(value)) return 'object';
  if (typeof value === 'string') return 'text';
  return typeof value === 'number' ? 'number' : 'word';
}

function membersOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return value.map((member: unknown, index) => [index, member] as const);
  return isObject(value) ? Object.entries(value) : [];
}

const plainName = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A path as code writes it after a value: `.lines[0].sku`, `["a b"]`. */
export const pathText = (path: JsonPath): string =>
  path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`;
      return plainName.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
    })
    .join('');

/** A value in few words, for a line that is closed: `{ id: 3, name: "Article 3" }`, `[ 12 ]`. */
export function preview(value: unknown, most = 80): string {
  if (Array.isArray(value)) return value.length === 0 ? '[ ]' : `[ ${value.length} ]`;
  if (isObject(value)) {
    const parts: string[] = [];
    let length = 4;
    for (const [name, member] of Object.entries(value)) {
      const part = `${name}: ${typeof member === 'object' && member !== null ? (Array.isArray(member) ? '[…]' : '{…}') : scalar(member, 24)}`;
      length += part.length + 2;
      if (length > most && parts.length > 0) return `{ ${parts.join(', ')}, … }`;
      parts.push(part);
    }
    return parts.length === 0 ? '{ }' : `{ ${parts.join(', ')} }`;
  }
  return scalar(value, 2_000);
}

function scalar(value: unknown, most: number): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
