import { Box, type Kind } from './box.ts';

/** Whether a value is a record of plain data. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Box) && !Array.isArray(value);
}

/** The kind of any value. */
export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (value instanceof Box) return value.kind;
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'object':
      return Array.isArray(value) ? 'list' : 'record';
    case 'function':
      return 'function';
    default:
      return 'undefined';
  }
}

/** A kind as a person reads it in a fault. */
export const kindWords: Readonly<Record<Kind, string>> = {
  undefined: 'undefined',
  null: 'null',
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  record: 'an object',
  function: 'a function',
  date: 'a Date',
  moment: 'a DateTime',
  duration: 'a Duration',
  interval: 'an Interval',
  zone: 'a time zone',
  regex: 'a regular expression',
  set: 'a Set',
  map: 'a Map',
  url: 'a URL',
  query: 'query parameters',
  error: 'an error',
  format: 'a format',
  namespace: 'a namespace',
  node: 'a node',
};

/** What `typeof` gives. */
export function typeOf(value: unknown): string {
  if (value instanceof Box) return value.kind === 'function' ? 'function' : 'object';
  return typeof value;
}
