import type { AnyNode } from 'acorn';
import { compileTemplate } from './compile.ts';
import { type ExpressionError, type Span, toFault } from './faults.ts';
import { isKnownName } from './globals/names.ts';
import { noFunction } from './no-function.ts';
import { kindOfNode } from './kinds-of.ts';
import { misspelt, neverThere } from './misspelt.ts';
import { noEnvironment } from './globals/roots.ts';
import { eachString, isReference } from './references.ts';
import { namesMadeBy } from './syntax/declared.ts';
import { visitText } from './syntax/edit.ts';
import { isTemplate, parseTemplate } from './template.ts';

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
  const own = new Set([...declared, ...madeFields(text)]);
  visitText(text, (node, around, offset) => {
    const wrong = misspelt(node, around.at(-1), own) ?? neverThere(node, around.at(-1));
    if (wrong) errors.push(toFault(wrong, { start: node.start + offset, end: node.end + offset }).toError());
    if (node.type !== 'Identifier' || declared.has(node.name) || !isReference(node, around)) return;
    const at = { start: node.start + offset, end: node.end + offset };
    if (node.name === '$env') errors.push(toFault(noEnvironment(), at).toError());
    else if (!isKnownName(node.name)) errors.push(unknownName(node.name, at, isCalled(node, around.at(-1))));
  });
  return errors;
}

/** The fields of objects that a template's expressions make: what they hold may be a function. */
function madeFields(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  visitText(text, (node, around) => {
    if (node.type === 'Property' && node.key.type === 'Identifier') names.add(node.key.name);
    const isSet = around.at(-1)?.type === 'AssignmentExpression';
    if (isSet && node.type === 'MemberExpression' && node.property.type === 'Identifier') names.add(node.property.name);
  });
  return names;
}

const isCalled = (node: AnyNode, parent: AnyNode | undefined): boolean =>
  (parent?.type === 'CallExpression' || parent?.type === 'NewExpression') && parent.callee === node;

const unknownName = (name: string, at: Span, isCall: boolean): ExpressionError => ({
  code: 'expression.unknown-name',
  ...(isCall ? noFunction(name) : noName(name)),
  at,
});

const noName = (name: string) => ({
  message: `There is no "${name}" in expressions.`,
  mend: name.startsWith('$')
    ? 'Use $json, $("key"), $input, $now, $vars or another name of the list.'
    : `Write $json.${name} for a field of the item, or put quotes around a text.`,
});

/** The names that a template's expressions make themselves, wherever they are. */
function declaredNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  visitText(text, (node) => namesMadeBy(node).forEach((name) => names.add(name)));
  return names;
}

/** The kind of what a template always gives, where its syntax tells; a template of several parts gives text. */
export function kindOfTemplate(text: string): 'text' | 'number' | 'boolean' | 'list' | undefined {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return undefined;
  const said = parsed.template.segments.filter((segment) => segment.kind === 'code' || segment.text.trim() !== '');
  const [only] = said;
  if (said.length > 1) return 'text';
  if (only?.kind !== 'code' || only.code.body.kind !== 'expression') return undefined;
  const kind = kindOfNode(only.code.body.expression, declaredNames(text));
  return kind === 'text' || kind === 'number' || kind === 'boolean' || kind === 'list' ? kind : undefined;
}
