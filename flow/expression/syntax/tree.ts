import type { AnyNode, Expression, Statement, ModuleDeclaration } from 'acorn';

/**
 * The code of one segment. `offset` is added to a node's position to get its place in the template. An expression's value
 * is its value; statements give what they return, else the value of the last one that is an expression.
 */
export type Code = {
  readonly source: string;
  readonly offset: number;
  readonly body:
    | { readonly kind: 'empty' }
    | { readonly kind: 'expression'; readonly expression: Expression }
    | { readonly kind: 'statements'; readonly statements: readonly (Statement | ModuleDeclaration)[] };
};

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** The nodes straight below a node, in the order of the text. */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const part of Object.values(node)) {
    if (Array.isArray(part)) found.push(...part.filter(isNode));
    else if (isNode(part)) found.push(part);
  }
  return found;
}

/** The top nodes of a segment's code. */
export function roots(code: Code): readonly AnyNode[] {
  if (code.body.kind === 'expression') return [code.body.expression];
  return code.body.kind === 'statements' ? code.body.statements : [];
}
