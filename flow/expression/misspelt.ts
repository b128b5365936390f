import type { AnyNode, CallExpression, MemberExpression } from 'acorn';
import { type Halt, mistake } from './faults.ts';
import { kindOfNode, staticsOf } from './kinds-of.ts';
import { kindHas, noMethod, noStatic, partMeant } from './values/spelling.ts';
import type { Kind } from './values/box.ts';
import { kindWords } from './values/kinds.ts';

/**
 * What a member asks that no value can answer: a method that nothing has, or that values of the kind which the syntax tells do not
 * have. `own` are names that the expression makes itself, also as fields of its objects.
 */
export function misspelt(node: AnyNode, parent: AnyNode | undefined, own: ReadonlySet<string>): Halt | undefined {
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  const { name } = node.property;
  if (own.has(name)) return undefined;
  const isCall = parent?.type === 'CallExpression' && parent.callee === node && !parent.optional;
  const statics = staticsOf(node.object, own);
  if (statics) return isCall && !statics.members.has(name) && !bound.has(name) ? noStatic(statics, name) : undefined;
  return isCall ? methodMissing(node, name, own) : partMissing(node, name, own, parent);
}

/** What every function has. */
const bound = new Set(['call', 'apply', 'bind']);

function methodMissing(node: MemberExpression, name: string, own: ReadonlySet<string>): Halt | undefined {
  const kind = kindOfNode(node.object, own);
  if (kind !== undefined && kind !== 'record') return kindHas(kind, name) ? undefined : missingOf(kind, name);
  return kindHas('any', name) || bound.has(name) ? undefined : noMethod('any', name);
}

/** In a check also a method of another kind is a mistake: the kind is known from what is written. */
function missingOf(kind: Kind, name: string): Halt {
  const halt = noMethod(kind, name);
  return halt.code === 'expression.missing' ? mistake(halt.message) : halt;
}

function partMissing(
  node: MemberExpression,
  name: string,
  own: ReadonlySet<string>,
  parent: AnyNode | undefined,
): Halt | undefined {
  if (parent?.type === 'CallExpression' && parent.callee === node) return undefined;
  const kind = kindOfNode(node.object, own);
  const meant = kind === undefined || kindHas(kind, name) ? undefined : partMeant(kind, name);
  return meant === undefined || kind === undefined || meant === name
    ? undefined
    : mistake(`There is no “${name.slice(0, 60)}” of ${kindWords[kind]}.`, `Write ${meant}, if that was meant.`);
}

/** What comes from n8n's items and models, and is never there: it would be nothing without a word. */
export function neverThere(node: AnyNode, parent: AnyNode | undefined): Halt | undefined {
  if (node.type !== 'Identifier') return undefined;
  if (node.name === '$binary')
    return mistake(
      '$binary has no files here.',
      'A file is a field of its item: write $json.file, or the name of its field.',
    );
  const isCall = parent?.type === 'CallExpression' && parent.callee === node;
  if (node.name === '$fromAI' && !(isCall && hasDefault(parent)))
    return mistake('No model fills in $fromAI here.', 'Write the value, or give a default as the fourth argument.');
  return undefined;
}

const hasDefault = (call: CallExpression): boolean => call.arguments.length > 3;
