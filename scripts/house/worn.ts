import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { isNode, isNodes, walk } from './read.ts';
import type { HouseFile, Node } from './read.ts';

/** What the elements of a source file wear. */
export interface Worn {
  /** From the package's root, with `/`. */
  path: string;
  /** The classes that are written out where a class is meant: `className="row small"`, `classes('row', isOn && 'on')`. */
  classes: Set<string>;
  /** What classes begin with whose rest is worked out: `is-` of `is-${state}`. */
  beginnings: Set<string>;
  /** Every word of every text: a class may be kept in a table or come as a prop. */
  words: Set<string>;
  /** Inline styles that are known beforehand, as `line property`. */
  known: string[];
}

/** Reads what the elements of these files wear. */
export const readAllWorn = (root: string, files: readonly HouseFile[]): Worn[] =>
  files.map((file) => readWorn(file.path, readFileSync(path.join(root, file.path), 'utf8')));

/** Reads one file from its text. */
export function readWorn(file: string, text: string): Worn {
  const worn: Worn = { path: file, classes: new Set(), beginnings: new Set(), words: new Set(), known: [] };
  const program: unknown = parseAst(text, { lang: file.endsWith('x') ? 'tsx' : 'ts', sourceType: 'module' }).body;
  const tables = tablesOf(program);
  walk(program, undefined, (node) => {
    for (const word of wordsOf(node)) worn.words.add(word);
    if (node.type === 'TemplateLiteral') for (const begun of beginningsOf(node)) worn.beginnings.add(begun);
    const value = valueWhere(node, /classname$/i);
    if (value !== undefined) wear(worn, value);
    if (node.type === 'CallExpression' && nameOf(node['callee']) === 'classes') wear(worn, node['arguments']);
    if (node.type === 'JSXAttribute' && nameOf(node['name']) === 'style')
      for (const name of knownOf(node['value'], tables))
        worn.known.push(`${text.slice(0, node.start).split('\n').length} ${name}`);
  });
  return worn;
}

const nameOf = (value: unknown): string => (isNode(value) && typeof value['name'] === 'string' ? value['name'] : '');

/** The value of an attribute or of a key whose name is like this. */
function valueWhere(node: Node, name: RegExp): unknown {
  if (node.type === 'JSXAttribute' && name.test(nameOf(node['name']))) return node['value'];
  if (node.type === 'Property' && name.test(nameOf(node['key']))) return node['value'];
  return undefined;
}

const split = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

function wordsOf(node: Node): string[] {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? split(node['value']) : [];
  if (node.type !== 'TemplateElement') return [];
  return split(cooked(node));
}

const cooked = (quasi: Node): string => {
  const value: unknown = quasi['value'];
  return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : '';
};

/** Takes the classes of an expression: what decides between them is not one of them. */
function wear(worn: Worn, value: unknown): void {
  if (Array.isArray(value)) for (const one of value) wear(worn, one);
  if (!isNode(value) || value.type === 'BinaryExpression' || value.type === 'MemberExpression') return;
  if (value.type === 'Literal') for (const name of wordsOf(value)) worn.classes.add(name);
  else if (value.type === 'TemplateLiteral') wearTemplate(worn, value);
  else if (value.type === 'ConditionalExpression') wear(worn, [value['consequent'], value['alternate']]);
  else if (value.type === 'LogicalExpression')
    wear(worn, value['operator'] === '&&' ? value['right'] : [value['left'], value['right']]);
  else for (const inner of Object.values(value)) wear(worn, inner);
}

function wearTemplate(worn: Worn, template: Node): void {
  const quasis = isNodes(template['quasis']) ? template['quasis'].map(cooked) : [];
  for (const [index, text] of quasis.entries()) {
    const names = split(text);
    // What touches an expression is a part of a name.
    if (index > 0 && /^\S/.test(text)) names.shift();
    if (index < quasis.length - 1 && /\S$/.test(text)) names.pop();
    for (const name of names) worn.classes.add(name);
  }
  wear(worn, template['expressions']);
}

/** What stands right before an expression, where it looks like the beginning of a class. */
const beginningsOf = (template: Node): string[] => {
  const quasis = isNodes(template['quasis']) ? template['quasis'].map(cooked) : [];
  return quasis.slice(0, -1).flatMap((text) => /(?:^|\s)([a-z]+-)$/.exec(text)?.[1] ?? []);
};

/** The objects that this file names: a style may be written beside its component. */
function tablesOf(program: unknown): Map<string, Node> {
  const tables = new Map<string, Node>();
  walk(program, undefined, (node) => {
    const { init } = node;
    if (node.type === 'VariableDeclarator' && isNode(init) && init.type === 'ObjectExpression')
      tables.set(nameOf(node['id']), init);
  });
  return tables;
}

/** The properties of a style whose values are written out, or are chosen among such. */
function knownOf(style: unknown, tables: ReadonlyMap<string, Node>): string[] {
  if (!isNode(style)) return [];
  if (style.type === 'JSXExpressionContainer') return knownOf(style['expression'], tables);
  if (style.type === 'Identifier') return knownOf(tables.get(nameOf(style)), new Map());
  if (style.type === 'ConditionalExpression')
    return [...knownOf(style['consequent'], tables), ...knownOf(style['alternate'], tables)];
  if (style.type !== 'ObjectExpression' || !isNodes(style['properties'])) return [];
  return style['properties'].filter((one) => isKnown(one['value'])).map((one) => keyOf(one['key']));
}

const keyOf = (key: unknown): string => (isNode(key) && key.type === 'Literal' ? String(key['value']) : nameOf(key));

function isKnown(value: unknown): boolean {
  if (!isNode(value)) return false;
  if (value.type === 'Literal') return true;
  if (value.type === 'UnaryExpression') return isKnown(value['argument']);
  if (value.type === 'ConditionalExpression') return isKnown(value['consequent']) && isKnown(value['alternate']);
  return value.type === 'TemplateLiteral' && isNodes(value['expressions']) && value['expressions'].length === 0;
}
