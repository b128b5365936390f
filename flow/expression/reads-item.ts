import type { AnyNode } from 'acorn';
import { eachString, isReference } from './references.ts';
import { visitText } from './syntax/edit.ts';

const ofItem: ReadonlySet<string> = new Set(['$json', '$binary', '$itemIndex']);

/** Whether expressions in a value read the one item that they are worked out for, and not all items alone: `$json`, `$('x').item`, `$input.first()`. */
export function readsItem(value: unknown): boolean {
  let reads = false;
  eachString(value, [], (text) =>
    visitText(text, (node, around) => {
      if (node.type === 'Identifier') reads ||= ofItem.has(node.name) && isReference(node, around);
      else if (node.type === 'MemberExpression') reads ||= isItemOf(node.object, nameOf(node.property));
    }),
  );
  return reads;
}

function isItemOf(whose: AnyNode, name: string | undefined): boolean {
  if (whose.type === 'Identifier' && whose.name === '$input') return name === 'item' || name === 'first';
  const isNode = whose.type === 'CallExpression' && whose.callee.type === 'Identifier' && whose.callee.name === '$';
  return isNode && name === 'item';
}

const nameOf = (property: AnyNode): string | undefined => {
  if (property.type === 'Identifier') return property.name;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
};
