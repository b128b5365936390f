import { Halt } from '../faults.ts';
import type { Query } from './tree.ts';

type Token = { readonly sign: string; readonly text: string };
type Reader = { readonly tokens: readonly Token[]; at: number; depth: number };

const pattern =
  /\s*(?:(?<name>[A-Za-z_]\w*)|"(?<quoted>(?:[^"\\]|\\.)*)"|'(?<raw>(?:[^'\\]|\\.)*)'|`(?<json>(?:[^`\\]|\\.)*)`|(?<number>-?\d+)|(?<sign>\[\?|\[\]|\|\||&&|==|!=|<=|>=|[.*|<>!&@()[\]{},:]))/y;

/** Parses a JMESPath expression; throws a `Halt` when it does not parse. */
export function parseQuery(text: string): Query {
  const reader: Reader = { tokens: tokens(text), at: 0, depth: 0 };
  const query = expression(reader, 0);
  if (reader.at < reader.tokens.length) throw wrong(peek(reader));
  return query;
}

const wrong = (found: string): Halt =>
  new Halt(
    'expression.value',
    `The JMESPath query does not parse at ${found === '' ? 'its end' : `"${found.slice(0, 20)}"`}.`,
    'See jmespath.org; plain paths and filter() often read better.',
  );

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const clean = text.trimEnd();
  pattern.lastIndex = 0;
  while (pattern.lastIndex < clean.length) {
    const from = pattern.lastIndex;
    const groups = pattern.exec(clean)?.groups;
    if (!groups) throw wrong(clean.slice(from));
    const [sign = '', value = ''] = Object.entries(groups).find(([, part]) => part !== undefined) ?? [];
    found.push({ sign: sign === 'sign' ? value : sign, text: value });
  }
  return found;
}

const peek = (reader: Reader): string => reader.tokens[reader.at]?.sign ?? '';

function take(reader: Reader, sign: string): boolean {
  if (peek(reader) !== sign) return false;
  reader.at++;
  return true;
}

function expect(reader: Reader, sign: string): void {
  if (!take(reader, sign)) throw wrong(peek(reader));
}

const comparators = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** How tightly what follows binds; a projection takes everything that binds tighter than 10 as its rest. */
function binding(sign: string): number {
  if (sign === '|') return 1;
  if (sign === '||') return 2;
  if (sign === '&&') return 3;
  if (comparators.has(sign)) return 5;
  if (sign === '[]') return 9;
  if (sign === '[?') return 21;
  if (sign === '.') return 40;
  return sign === '[' ? 55 : 0;
}

function expression(reader: Reader, power: number): Query {
  if (++reader.depth > 100) throw wrong('its depth');
  let left = start(reader);
  while (binding(peek(reader)) > power) left = more(reader, left);
  reader.depth--;
  return left;
}

function start(reader: Reader): Query {
  const token = reader.tokens[reader.at++];
  if (!token) throw wrong('');
  const { sign, text } = token;
  if (sign === 'name') return peek(reader) === '(' ? call(reader, text) : { kind: 'field', name: text };
  if (sign === 'quoted') return { kind: 'field', name: unquoted(text) };
  if (sign === 'raw') return { kind: 'literal', value: text.replaceAll("\\'", "'") };
  if (sign === 'json') return { kind: 'literal', value: literal(text) };
  if (sign === '@') return { kind: 'current' };
  if (sign === '!') return { kind: 'not', of: expression(reader, 45) };
  if (sign === '&') return { kind: 'reference', of: expression(reader, 0) };
  if (sign === '*') return { kind: 'project', from: { kind: 'current' }, as: 'values', next: rest(reader) };
  if (sign === '{') return record(reader);
  if (sign === '(') {
    const inner = expression(reader, 0);
    expect(reader, ')');
    return inner;
  }
  reader.at--;
  if (sign === '[]' || sign === '[?') return more(reader, { kind: 'current' });
  if (sign === '[') return startsSelector(reader) ? more(reader, { kind: 'current' }) : list(reader);
  throw wrong(sign);
}

/** `[0]`, `[*]` and `[1:]` look into a list; `[a, b]` makes one. */
function startsSelector(reader: Reader): boolean {
  const next = reader.tokens[reader.at + 1]?.sign;
  return next === 'number' || next === ':' || (next === '*' && reader.tokens[reader.at + 2]?.sign === ']');
}

function more(reader: Reader, left: Query): Query {
  const sign = peek(reader);
  reader.at++;
  if (sign === '|') return { kind: 'then', first: left, next: expression(reader, 1) };
  if (sign === '||') return { kind: 'or', left, right: expression(reader, 2) };
  if (sign === '&&') return { kind: 'and', left, right: expression(reader, 3) };
  if (comparators.has(sign)) return { kind: 'compare', op: sign, left, right: expression(reader, 5) };
  if (sign === '[]') return { kind: 'project', from: left, as: 'flat', next: rest(reader) };
  if (sign === '[?') {
    const where = expression(reader, 0);
    expect(reader, ']');
    return { kind: 'filter', from: left, where, next: rest(reader) };
  }
  return sign === '.' ? afterDot(reader, left) : selector(reader, left);
}

function afterDot(reader: Reader, left: Query): Query {
  if (take(reader, '*')) return { kind: 'project', from: left, as: 'values', next: rest(reader) };
  return { kind: 'then', first: left, next: peek(reader) === '[' ? list(reader) : expression(reader, 40) };
}

function selector(reader: Reader, left: Query): Query {
  if (take(reader, '*')) {
    expect(reader, ']');
    return { kind: 'project', from: left, as: 'list', next: rest(reader) };
  }
  const parts: (number | undefined)[] = [undefined];
  while (!take(reader, ']')) {
    if (take(reader, ':')) parts.push(undefined);
    else parts[parts.length - 1] = numberOf(reader);
  }
  if (parts.length === 1 && parts[0] !== undefined)
    return { kind: 'then', first: left, next: { kind: 'index', index: parts[0] } };
  const cut: Query = { kind: 'then', first: left, next: { kind: 'slice', parts } };
  return { kind: 'project', from: cut, as: 'list', next: rest(reader) };
}

function numberOf(reader: Reader): number {
  const token = reader.tokens[reader.at];
  expect(reader, 'number');
  return Number(token?.text);
}

/** What is applied to each element of a projection. */
function rest(reader: Reader): Query {
  let next: Query = { kind: 'current' };
  while (binding(peek(reader)) > 10) next = more(reader, next);
  return next;
}

function list(reader: Reader): Query {
  expect(reader, '[');
  return { kind: 'list', of: several(reader, ']') };
}

function call(reader: Reader, name: string): Query {
  expect(reader, '(');
  return { kind: 'call', name, args: several(reader, ')') };
}

function several(reader: Reader, end: string): Query[] {
  const found: Query[] = [];
  while (!take(reader, end)) {
    if (found.length > 0) expect(reader, ',');
    found.push(expression(reader, 0));
  }
  return found;
}

function record(reader: Reader): Query {
  const of: (readonly [string, Query])[] = [];
  while (!take(reader, '}')) {
    if (of.length > 0) expect(reader, ',');
    const token = reader.tokens[reader.at++];
    if (token?.sign !== 'name' && token?.sign !== 'quoted') throw wrong(token?.sign ?? '');
    expect(reader, ':');
    of.push([token.sign === 'quoted' ? unquoted(token.text) : token.text, expression(reader, 0)]);
  }
  return { kind: 'record', of };
}

function unquoted(text: string): string {
  const value = literal(`"${text}"`);
  return typeof value === 'string' ? value : text;
}

/** Between backticks is JSON; old queries leave the quotes of a text away. */
function literal(text: string): unknown {
  const clean = text.replaceAll('\\`', '`').trim();
  try {
    return JSON.parse(clean);
  } catch {
    return clean;
  }
}
