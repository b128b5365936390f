import type { AnyNode, CallExpression, Identifier, MemberExpression, TemplateElement } from 'acorn';
import type { ExpressionError } from './faults.ts';
import { editText, quotedLike, type TextEdit } from './syntax/edit.ts';
import { children } from './syntax/tree.ts';
import { isTemplate, parseTemplate } from './template.ts';

/** An n8n parameter in our own language. */
export type Translated = {
  readonly text: string;
  /** Titles that no key is known for; they stay as they are. */
  readonly unknown: string[];
  /** n8n's names that have no counterpart here, such as `$prevNode`. */
  readonly unsupported: string[];
  /** Set when the expression does not parse; `text` is then the source without its `=`. */
  readonly error?: ExpressionError;
};

/**
 * Translates one n8n string: `=` in front marks an expression, and nodes are named by title. By syntax tree, `$('Title')`
 * and `$node["Title"]` become `$('key')` and `$('key').first()`, `$items('Title')` `$('key').all()`, and `$execution` `$run`.
 * A string without `=` is text in n8n: its brackets are escaped.
 */
export function fromForeign(source: string, keyOf: (title: string) => string | undefined): Translated {
  if (!source.startsWith('=')) return { text: source.replaceAll('{{', '\\{{'), unknown: [], unsupported: [] };
  const text = source.slice(1);
  const unknown = new Set<string>();
  const unsupported = new Set<string>();
  const key = (title: string): string => {
    const known = keyOf(title);
    if (known === undefined) unknown.add(title);
    return known ?? title;
  };
  const translate = (node: AnyNode, around: readonly AnyNode[]): TextEdit | undefined => {
    if (node.type === 'Identifier' && gone.has(node.name) && isFree(node, around)) unsupported.add(node.name);
    return edit(node, around, key);
  };
  const parsed = isTemplate(text) ? parseTemplate(text) : undefined;
  const made = spaceKept(editText(text, translate, collapsed));
  const error = parsed && !parsed.ok ? { error: parsed.error } : {};
  return { text: made, unknown: [...unknown], unsupported: [...unsupported], ...error };
}

/** White space around one expression makes text of its value in n8n; here it does not, so that some of it is written as an expression. */
function spaceKept(text: string): string {
  const parsed = isTemplate(text) ? parseTemplate(text) : undefined;
  if (!parsed?.ok) return text;
  const { segments } = parsed.template;
  const isOne = segments.filter(({ kind }) => kind === 'code').length === 1;
  const space = segments.filter((segment) => segment.kind === 'text');
  if (!isOne || space.length === 0 || space.some((segment) => segment.text.trim() !== '')) return text;
  const before = /^\s*/.exec(text)![0];
  const after = /\s*$/.exec(text)![0];
  const inner = text.slice(before.length, text.length - after.length);
  const written = (piece: string) => (piece === '' ? '' : `{{ ${JSON.stringify(piece)} }}`);
  return after === '' ? `${written(before)}${inner}` : `${before}${inner}${written(after)}`;
}

/** In text before expressions n8n prints two backslashes as one; in front of brackets they mean the same here. */
const collapsed = (piece: string, isBeforeCode: boolean): string =>
  !isBeforeCode
    ? piece
    : piece.replaceAll(/(\\+)(\{\{|$|)/g, (whole: string, slashes: string, next: string, at: number) =>
        next === '{{' || (isBeforeCode && at + whole.length === piece.length)
          ? whole
          : '\\'.repeat(Math.ceil(slashes.length / 2)),
      );

const gone = new Set(['$prevNode', '$parameter', '$self', '$secrets', '$evaluateExpression', '$getPairedItem', '$env']);

const renamed: Readonly<Record<string, string>> = {
  $execution: '$run',
  $data: '$json',
  $position: '$itemIndex',
  $jmesPath: '$jmespath',
};

type KeyOf = (title: string) => string;

function edit(node: AnyNode, around: readonly AnyNode[], key: KeyOf): TextEdit | undefined {
  if (node.type === 'Identifier') {
    if (isEager(node, around.at(-1))) return { start: node.start, end: node.end, text: `(${node.name})` };
    const to = Object.hasOwn(renamed, node.name) && isFree(node, around) ? renamed[node.name] : undefined;
    return to === undefined ? undefined : { start: node.start, end: node.end, text: to };
  }
  if (node.type === 'CallExpression' && node.callee.type === 'Identifier')
    return calledNode(node, node.callee.name, key);
  if (node.type === 'TemplateElement') return lineEnd(node, around.at(-1));
  if (node.type !== 'MemberExpression') return undefined;
  return isWhole(around)
    ? (wholeItem(node, key) ?? memberNode(node, around.at(-1), key))
    : memberNode(node, around.at(-1), key);
}

/** n8n works out every argument of `$if` and `$ifEmpty` before it chooses; in brackets ours are called as any function is. */
function isEager(node: Identifier, parent: AnyNode | undefined): boolean {
  if (parent?.type !== 'CallExpression' || parent.callee !== node) return false;
  return (node.name === '$if' || node.name === '$ifEmpty') && parent.arguments.slice(1).some(holdsCall);
}

const holdsCall = (node: AnyNode): boolean => node.type === 'CallExpression' || children(node).some(holdsCall);

/** n8n prints a template literal anew before it runs it, and puts a space between the end of a line and an expression. */
function lineEnd(node: TemplateElement, parent: AnyNode | undefined): TextEdit | undefined {
  const isInside = parent?.type === 'TemplateLiteral' && !node.tail;
  return isInside && node.value.cooked?.endsWith('\n') ? { start: node.end, end: node.end, text: ' ' } : undefined;
}

const isWhole = (around: readonly AnyNode[]): boolean => around.every(({ type }) => type === 'ParenthesizedExpression');

/** `$('Title').item` by itself: an item is its value here, and an envelope around it in n8n. */
function wholeItem(node: MemberExpression, key: KeyOf): TextEdit | undefined {
  const { object } = node;
  if (writtenName(node) !== 'item' || object.type !== 'CallExpression' || object.callee.type !== 'Identifier')
    return undefined;
  const title = object.callee.name === '$' && object.arguments[0] ? writtenText(object.arguments[0]) : undefined;
  if (title === undefined) return undefined;
  const item = `$(${quotedLike("'", key(title))}).item`;
  return { start: node.start, end: node.end, text: `({ json: ${item}, pairedItem: { item: $itemIndex } })` };
}

/** `$('Title')` and `$items('Title')`. */
function calledNode(node: CallExpression, name: string, key: KeyOf): TextEdit | undefined {
  const first = node.arguments[0];
  if (name === '$items' && !first) return { start: node.start, end: node.end, text: '$input.all()' };
  const title = first && writtenText(first);
  if (first === undefined || title === undefined) return undefined;
  const mark = first.type === 'Literal' ? (first.raw ?? "'") : '`';
  if (name === '$') return { start: first.start, end: first.end, text: quotedLike(mark, key(title)) };
  if (name !== '$items') return undefined;
  return { start: node.start, end: node.end, text: `$(${quotedLike(mark, key(title))}).all()` };
}

/** What may follow `$('key')` itself; anything else follows an item. */
const ofNode = new Set([
  'item',
  'first',
  'last',
  'all',
  'itemMatching',
  'pairedItem',
  'isExecuted',
  'context',
  'params',
]);

/** `$node["Title"]` and `$node.Title`. */
function memberNode(node: MemberExpression, parent: AnyNode | undefined, key: KeyOf): TextEdit | undefined {
  if (node.object.type !== 'Identifier' || node.object.name !== '$node') return undefined;
  const title = node.computed
    ? writtenText(node.property)
    : node.property.type === 'Identifier'
      ? node.property.name
      : undefined;
  if (title === undefined) return undefined;
  const mark = node.computed && node.property.type === 'Literal' ? (node.property.raw ?? "'") : "'";
  const next = parent?.type === 'MemberExpression' && parent.object === node ? writtenName(parent) : undefined;
  const tail = next === 'binary' ? '.item' : next !== undefined && ofNode.has(next) ? '' : '.first()';
  return { start: node.start, end: node.end, text: `$(${quotedLike(mark, key(title))})${tail}` };
}

function writtenName(node: MemberExpression): string | undefined {
  if (node.computed) return writtenText(node.property);
  return node.property.type === 'Identifier' ? node.property.name : undefined;
}

function writtenText(node: AnyNode): string | undefined {
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** Whether an identifier stands for a value of its own, rather than for a field's name. */
function isFree(node: AnyNode, around: readonly AnyNode[]): boolean {
  const parent = around.at(-1);
  if (parent?.type === 'MemberExpression') return parent.object === node || parent.computed;
  return parent?.type !== 'Property' || parent.value === node;
}
