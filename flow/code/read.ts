import type { AnyNode, CallExpression, MemberExpression } from 'acorn';
import { LRUCache } from 'lru-cache';
import { isReference } from '../expression/references.ts';
import { namesMadeBy } from '../expression/syntax/declared.ts';
import { absent } from './absent.ts';
import { childrenOf, parseSource } from './parse.ts';
import type { Position } from './parse.ts';

/** Another node's key, as code writes it down: between `start` and `end`, with `mark` the quote around it, '' for `$node.key`. */
export interface KeyInCode extends Position {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

/** A name that code uses and code nodes do not have; `module` is what `require` or `import` ask for. */
export interface AbsentInCode extends Position {
  readonly name: string;
  readonly module: string | undefined;
}

/** What is known of a code node's text without running it. Text that does not parse names nothing. */
export interface CodeReading {
  readonly keys: readonly KeyInCode[];
  /** Whether a node is named by something worked out while running, so that `keys` is not all. */
  readonly dynamic: boolean;
  readonly absent: readonly AbsentInCode[];
  readonly error: ({ readonly message: string } & Position) | undefined;
}

const longest = 500_000;
/** A check reads every code node's text on every keystroke. */
const known = new LRUCache<string, CodeReading>({ max: 200, maxSize: 16 * 1024 * 1024 });

/** Reads code by its syntax tree; the same text is read once. */
export function readCode(source: string): CodeReading {
  const before = known.get(source);
  if (before) return before;
  const reading = read(source);
  known.set(source, reading, { size: source.length + 1 });
  return reading;
}

const failed = (error: { readonly message: string } & Position): CodeReading => ({
  keys: [],
  dynamic: false,
  absent: [],
  error,
});

function read(source: string): CodeReading {
  if (source.length > longest)
    return failed({ message: `The code is longer than ${longest} characters`, line: 1, column: 1 });
  try {
    const parsed = parseSource(source);
    return parsed.ok ? gathered(parsed.program) : failed(parsed);
  } catch (thrown) {
    if (thrown instanceof RangeError)
      return failed({ message: 'The code is too deeply nested to be read', line: 1, column: 1 });
    throw thrown;
  }
}

function gathered(program: AnyNode): CodeReading {
  const made = new Set<string>();
  walk(program, [], (node) => namesMadeBy(node).forEach((name) => made.add(name)));
  const keys: KeyInCode[] = [];
  const missing: AbsentInCode[] = [];
  const guarded = new Set<string>();
  let dynamic = false;
  walk(program, [], (node, around) => {
    const named = namingOf(node, made);
    if (named === 'dynamic') dynamic = true;
    else if (named) keys.push(named);
    if (node.type === 'UnaryExpression' && node.operator === 'typeof' && node.argument.type === 'Identifier')
      guarded.add(node.argument.name);
    const one = absentOf(node, around, made);
    if (one) missing.push(one);
  });
  // `typeof process` asks first: what follows knows what to do without.
  return { keys, dynamic, absent: missing.filter(({ name }) => !guarded.has(name)), error: undefined };
}

type Visit = (node: AnyNode, around: readonly AnyNode[]) => void;

function walk(node: AnyNode, around: readonly AnyNode[], visit: Visit): void {
  visit(node, around);
  const inner = [...around.slice(-1), node];
  for (const child of childrenOf(node)) walk(child, inner, visit);
}

/** `$('key')`, `$items('key')`, `$node['key']`, `$node.key`, unless the code makes these names itself. */
function namingOf(node: AnyNode, made: ReadonlySet<string>): KeyInCode | 'dynamic' | undefined {
  if (node.type === 'CallExpression') return calledBy(node, made);
  if (node.type !== 'MemberExpression' || made.has('$node') || !isNamed(node.object, '$node')) return undefined;
  const { property } = node;
  if (node.computed) return writtenIn(property);
  return property.type === 'Identifier' ? keyAt(property, property.name, '') : undefined;
}

const isNamed = (node: AnyNode, name: string): boolean => node.type === 'Identifier' && node.name === name;

function calledBy(node: CallExpression, made: ReadonlySet<string>): KeyInCode | 'dynamic' | undefined {
  const callee = ['$', '$items'].find((name) => isNamed(node.callee, name));
  const first = node.arguments[0];
  if (callee === undefined || made.has(callee) || !first) return undefined;
  return writtenIn(first);
}

function writtenIn(node: AnyNode): KeyInCode | 'dynamic' {
  if (node.type === 'Literal' && typeof node.value === 'string') return keyAt(node, node.value, node.raw?.[0] ?? "'");
  const text = node.type === 'TemplateLiteral' && node.expressions.length === 0 ? node.quasis[0]?.value.cooked : null;
  return typeof text === 'string' ? keyAt(node, text, '`') : 'dynamic';
}

const keyAt = (node: AnyNode, key: string, mark: string): KeyInCode => ({
  key,
  mark,
  start: node.start,
  end: node.end,
  ...placeOf(node),
});

const placeOf = ({ loc }: AnyNode): Position => ({ line: loc?.start.line ?? 1, column: (loc?.start.column ?? 0) + 1 });

function absentOf(node: AnyNode, around: readonly AnyNode[], made: ReadonlySet<string>): AbsentInCode | undefined {
  if (node.type === 'ImportExpression') return { name: 'import', module: moduleIn(node.source), ...placeOf(node) };
  if (node.type === 'MemberExpression' && isHelpers(node))
    return { name: 'this.helpers', module: undefined, ...placeOf(node) };
  if (node.type !== 'Identifier' || made.has(node.name) || !absent.has(node.name)) return undefined;
  const parent = around.at(-1);
  if (!isReference(node, around) || (parent && namesMadeBy(parent).includes(node.name))) return undefined;
  const asked = parent?.type === 'CallExpression' && parent.callee === node ? parent.arguments[0] : undefined;
  return { name: node.name, module: asked && moduleIn(asked), ...placeOf(node) };
}

const isHelpers = ({ object, property, computed }: MemberExpression): boolean =>
  object.type === 'ThisExpression' && !computed && isNamed(property, 'helpers');

function moduleIn(node: AnyNode): string | undefined {
  const written = writtenIn(node);
  return written === 'dynamic' ? undefined : written.key.replace(/^node:/, '');
}
