import { compileTemplate } from './compile.ts';
import { type ExpressionError, type Span, toFault } from './faults.ts';
import { isKnownName } from './globals/names.ts';
import { noEnvironment } from './globals/roots.ts';
import { eachString, isReference } from './references.ts';
import { namesMadeBy } from './syntax/declared.ts';
import { visitText } from './syntax/edit.ts';
import { isTemplate } from './template.ts';

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
  visitText(text, (node) => namesMadeBy(node).forEach((name) => names.add(name)));
  return names;
}
