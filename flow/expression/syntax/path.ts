import type { AnyNode } from 'acorn';
import type { Code } from './tree.ts';

const itemMethods = new Set(['first', 'last', 'itemMatching']);

/** Whether a segment only walks into data: `$json.a[0]`, `$('key').item.json.b`. What it finds is the nodes' own data. */
export function isDataPath(code: Code): boolean {
  return code.body.kind === 'expression' && isPath(code.body.expression);
}

function isPath(node: AnyNode): boolean {
  switch (node.type) {
    case 'Identifier':
      return node.name === '$json';
    case 'ParenthesizedExpression':
    case 'ChainExpression':
      return isPath(node.expression);
    case 'MemberExpression':
      if (node.computed && node.property.type !== 'Literal') return false;
      return isItem(node) || isPath(node.object);
    case 'CallExpression':
      return isItem(node);
    default:
      return false;
  }
}

/** `$('key').item`, `$('key').first()`. */
function isItem(node: AnyNode): boolean {
  const member = node.type === 'CallExpression' ? node.callee : node;
  if (member.type !== 'MemberExpression' || member.property.type !== 'Identifier' || member.computed) return false;
  const isNamed =
    node.type === 'CallExpression' ? itemMethods.has(member.property.name) : member.property.name === 'item';
  const { object } = member;
  return (
    isNamed && object.type === 'CallExpression' && object.callee.type === 'Identifier' && object.callee.name === '$'
  );
}
