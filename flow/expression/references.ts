import type { AnyNode, CallExpression } from 'acorn';
import { limits } from './limits.ts';
import { editText, quotedLike, visitText } from './syntax/edit.ts';

/** A place in a params value. */
export type Path = readonly (string | number)[];

/** What the expressions in a params value name. */
export type References = {
  /** The keys of nodes, each once, in the order in which they are named. */
  readonly keys: string[];
  /** The `$` names, such as `$json`, each once. */
  readonly roots: string[];
  /** Whether a node is named by something worked out while running, so that `keys` is not all. */
  readonly dynamic: boolean;
};

/** Which nodes and `$` names a params value uses, by syntax tree. Strings that do not parse name nothing. */
export function references(value: unknown): References {
  const keys = new Set<string>();
  const roots = new Set<string>();
  let dynamic = false;
  eachString(value, [], (text) =>
    visitText(text, (node, around) => {
      if (node.type === 'Identifier' && node.name.startsWith('$') && isReference(node, around)) roots.add(node.name);
      if (!isNodeCall(node)) return;
      const key = writtenKey(node);
      if (key === undefined) dynamic = true;
      else keys.add(key);
    }),
  );
  return { keys: [...keys], roots: [...roots], dynamic };
}

/**
 * A params value whose expressions name nodes by their new keys; `rename` gives undefined, or the same key, for what stays.
 * Every other character stays as it is, and a value in which nothing is renamed comes back itself.
 */
export function rewriteKeys<Value>(value: Value, rename: (key: string) => string | undefined): Value {
  // Strings become strings, lists lists and records records: the shape, and so the type, stays.
  return mapStrings(value, (text) => renamedText(text, rename), 0) as Value;
}

function renamedText(text: string, rename: (key: string) => string | undefined): string {
  return editText(text, (node) => {
    const argument = isNodeCall(node) ? node.arguments[0] : undefined;
    const key = isNodeCall(node) ? writtenKey(node) : undefined;
    const to = key === undefined ? undefined : rename(key);
    if (!argument || to === undefined || to === key) return undefined;
    const mark = argument.type === 'Literal' ? (argument.raw ?? "'") : '`';
    return { start: argument.start, end: argument.end, text: quotedLike(mark, to) };
  });
}

/** Whether an identifier stands for a value, rather than for a field's name or a label. */
export function isReference(node: AnyNode, around: readonly AnyNode[]): boolean {
  const parent = around.at(-1);
  if (parent?.type === 'MemberExpression') return parent.computed || parent.object === node;
  if (parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition')
    return parent.computed || parent.value === node;
  if (parent?.type === 'Property') return parent.computed || parent.value === node || parent.shorthand;
  return (
    parent?.type !== 'LabeledStatement' && parent?.type !== 'BreakStatement' && parent?.type !== 'ContinueStatement'
  );
}

const isNodeCall = (node: AnyNode): node is CallExpression =>
  node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === '$';

/** The key that a call of `$` writes down; undefined when it is worked out. */
function writtenKey(node: CallExpression): string | undefined {
  const argument = node.arguments[0];
  if (argument?.type === 'TemplateLiteral' && argument.expressions.length === 0)
    return argument.quasis[0]?.value.cooked ?? undefined;
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined;
}

/** Visits every text in a params value, with its place. */
export function eachString(value: unknown, path: Path, visit: (text: string, path: Path) => void): void {
  if (path.length > limits.depth) return;
  if (typeof value === 'string') visit(value, path);
  else if (Array.isArray(value)) value.forEach((part, i) => eachString(part, [...path, i], visit));
  else if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) eachString(part, [...path, key], visit);
}

function mapStrings(value: unknown, map: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return map(value);
  if (typeof value !== 'object' || value === null || depth > limits.depth) return value;
  const parts = Object.entries(value).map(([key, part]): [string, unknown] => [key, mapStrings(part, map, depth + 1)]);
  const before: readonly unknown[] = Object.values(value);
  if (parts.every(([, part], i) => part === before[i])) return value;
  return Array.isArray(value) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
