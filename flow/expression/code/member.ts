import type { AnyNode, ChainExpression, Expression, MemberExpression, Super } from 'acorn';
import { unsupported } from '../faults.ts';
import { nodeOf } from '../globals/roots.ts';
import type { Code } from '../run.ts';
import { read, readName, refuse } from '../values/member.ts';
import { nodeAt } from '../values/node.ts';
import { expression } from './expression.ts';
import type { Names } from './names.ts';

/** What a chain gives inside itself once a `?.` has met nothing; never seen outside of it. */
export const skip = Symbol('skip');

/** `a?.b.c`: undefined when a link with `?.` meets nothing. */
export function chain(node: ChainExpression, names: Names): Code {
  const inner = expression(node.expression, names);
  return (f) => {
    const value = inner(f);
    return value === skip ? undefined : value;
  };
}

/** `object.name` and `object[key]`. */
export function member(node: MemberExpression, names: Names): Code {
  if (node.property.type === 'PrivateIdentifier') throw unsupported('A private name', node.property);
  const name = staticName(node);
  if (name === undefined) return computed(node, node.property, names);
  refuse(name, node.property);
  if (!names.find('$')) {
    const item = itemMember(node, name, names);
    if (item) return item;
  }
  const object = objectOf(node.object, names);
  if (!canSkip(node)) return (f) => readName(f.run, object(f), name);
  const optional = node.optional;
  return (f) => {
    const value = object(f);
    if (value === skip || (optional && (value === undefined || value === null))) return skip;
    return readName(f.run, value, name);
  };
}

/** The object of a member; `super` is none. */
export function objectOf(node: Expression | Super, names: Names): Code {
  if (node.type === 'Super') throw unsupported('super', node);
  return expression(node, names);
}

function computed(node: MemberExpression, property: Expression, names: Names): Code {
  const object = objectOf(node.object, names);
  const key = expression(property, names);
  if (!canSkip(node)) return (f) => read(f.run, object(f), key(f));
  const optional = node.optional;
  return (f) => {
    const value = object(f);
    if (value === skip || (optional && (value === undefined || value === null))) return skip;
    return read(f.run, value, key(f));
  };
}

/** The name of a member that is written down: `.name`, `['name']`; undefined when it is computed or a number. */
export function staticName(node: MemberExpression): string | undefined {
  const { property } = node;
  if (!node.computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** Whether a member or call stands in a chain after a `?.`, or has one. */
export function canSkip(node: AnyNode): boolean {
  if (node.type === 'MemberExpression') return node.optional || canSkip(node.object);
  if (node.type === 'CallExpression') return node.optional || canSkip(node.callee);
  return false;
}

/** Members that hang on `$('key')`: its item without a box in between, and n8n's `.json` and `.binary` on an item. */
function itemMember(node: MemberExpression, name: string, names: Names): Code | undefined {
  const object = withoutParens(node.object);
  if (name === 'json' && isItem(object)) return expression(object, names);
  if (name === 'binary' && object.type === 'MemberExpression' && isItem(object) && staticName(object) === 'item')
    return member({ ...node, object: object.object }, names);
  const key = name === 'item' ? nodeKey(object) : undefined;
  if (key === undefined) return undefined;
  return (f) => f.run.item(nodeAt(f.run, key).item());
}

/** The key in `$('key')` when it is written down. */
export function nodeKey(node: AnyNode): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== '$') return undefined;
  const argument = node.arguments[0];
  if (argument?.type === 'TemplateLiteral' && argument.expressions.length === 0)
    return argument.quasis[0]?.value.cooked ?? undefined;
  return argument?.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined;
}

/** Compiles `$('key')`; undefined when the call is another. */
export function nodeCall(node: AnyNode): Code | undefined {
  const key = nodeKey(node);
  return key === undefined ? undefined : (f) => nodeOf(f.run, key);
}

/** Whether an expression is an item of a node's output, so that `.json` after it is n8n's. */
function isItem(node: AnyNode): boolean {
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
    const name = staticName(node.callee);
    return (
      (name === 'first' || name === 'last' || name === 'itemMatching') && isNode(withoutParens(node.callee.object))
    );
  }
  if (node.type !== 'MemberExpression') return false;
  if (staticName(node) === 'item') return isNode(withoutParens(node.object));
  const object = withoutParens(node.object);
  return node.computed && object.type === 'CallExpression' && object.callee.type === 'MemberExpression'
    ? staticName(object.callee) === 'all' && isNode(withoutParens(object.callee.object))
    : false;
}

function isNode(node: AnyNode): boolean {
  if (node.type === 'Identifier') return node.name === '$input';
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === '$';
}

const withoutParens = (node: AnyNode): AnyNode =>
  node.type === 'ParenthesizedExpression' ? withoutParens(node.expression) : node;
