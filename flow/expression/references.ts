import type { AnyNode, CallExpression } from 'acorn';
import { compileTemplate } from './compile.ts';
import { type ExpressionError, type Span, toFault } from './faults.ts';
import { limits } from './limits.ts';
import { isKnownName } from './globals/names.ts';
import { noEnvironment } from './globals/roots.ts';
import { editText, quotedLike, visitText } from './syntax/edit.ts';
import { isTemplate } from './template.ts';

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

/** What is wrong with the expressions of a params value, for check/; at most one error of syntax for each string. */
export function expressionErrors(value: unknown): { path: (string | number)[]; error: ExpressionError }[] {
  const found: { path: (string | number)[]; error: ExpressionError }[] = [];
  eachString(value, [], (text, path) => {
    for (const error of textErrors(text)) found.push({ path: [...path], error });
  });
  return found;
}

function textErrors(text: string): ExpressionError[] {
  if (!isTemplate(text)) return [];
  try {
    compileTemplate(text);
    return unknownNames(text);
  } catch (thrown) {
    return [toFault(thrown, { start: 0, end: text.length }).toError()];
  }
}

function unknownNames(text: string): ExpressionError[] {
  const errors: ExpressionError[] = [];
  const declared = declaredNames(text);
  visitText(text, (node, around, offset) => {
    if (node.type !== 'Identifier' || declared.has(node.name) || !isReference(node, around)) return;
    const at = { start: node.start + offset, end: node.end + offset };
    if (node.name === '$env') errors.push(toFault(noEnvironment(), at).toError());
    else if (!isKnownName(node.name)) errors.push(unknownName(node.name, at));
  });
  return errors;
}

const unknownName = (name: string, at: Span): ExpressionError => ({
  code: 'expression.unknown-name',
  message: `There is no "${name}" in expressions.`,
  mend: name.startsWith('$')
    ? 'Use $json, $("key"), $input, $now, $vars or another name of the list.'
    : `Write $json.${name} for a field of the item, or put quotes around a text.`,
  at,
});

/** The names that a template's expressions make themselves, wherever they are. */
function declaredNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (pattern: AnyNode | null | undefined): void => {
    if (!pattern) return;
    if (pattern.type === 'Identifier') names.add(pattern.name);
    else if (pattern.type === 'ObjectPattern')
      for (const part of pattern.properties) add(part.type === 'RestElement' ? part.argument : part.value);
    else if (pattern.type === 'ArrayPattern') for (const part of pattern.elements) add(part);
    else if (pattern.type === 'AssignmentPattern') add(pattern.left);
    else if (pattern.type === 'RestElement') add(pattern.argument);
  };
  visitText(text, (node) => {
    if (node.type === 'VariableDeclarator') add(node.id);
    else if (node.type === 'CatchClause') add(node.param);
    else if (isFunction(node)) {
      add(node.type === 'ArrowFunctionExpression' ? undefined : node.id);
      for (const part of node.params) add(part);
    }
  });
  return names;
}

const isFunction = (node: AnyNode) =>
  node.type === 'ArrowFunctionExpression' || node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration';

/** Whether an identifier stands for a value, rather than for a field's name or a label. */
function isReference(node: AnyNode, around: readonly AnyNode[]): boolean {
  const parent = around.at(-1);
  if (parent?.type === 'MemberExpression') return parent.computed || parent.object === node;
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

function eachString(value: unknown, path: Path, visit: (text: string, path: Path) => void): void {
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
