import type { AnyNode } from 'acorn';

/** The names that a node of a syntax tree makes for those around or below it: variables, params, functions, classes, imports. */
export function namesMadeBy(node: AnyNode): string[] {
  switch (node.type) {
    case 'VariableDeclarator':
      return boundBy(node.id);
    case 'CatchClause':
      return boundBy(node.param);
    case 'ArrowFunctionExpression':
      return node.params.flatMap(boundBy);
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return [...boundBy(node.id), ...node.params.flatMap(boundBy)];
    case 'ClassDeclaration':
    case 'ClassExpression':
      return boundBy(node.id);
    default:
      return [];
  }
}

function boundBy(pattern: AnyNode | null | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((part) => boundBy(part.type === 'RestElement' ? part.argument : part.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundBy);
    case 'AssignmentPattern':
      return boundBy(pattern.left);
    case 'RestElement':
      return boundBy(pattern.argument);
    default:
      return [];
  }
}
