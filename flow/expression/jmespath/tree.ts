/** A JMESPath expression (jmespath.org): what stands left of a projection gives the list that the rest is applied to. */
export type Query =
  | { readonly kind: 'current' }
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly parts: readonly (number | undefined)[] }
  | { readonly kind: 'then'; readonly first: Query; readonly next: Query }
  | { readonly kind: 'project'; readonly from: Query; readonly as: 'list' | 'values' | 'flat'; readonly next: Query }
  | { readonly kind: 'filter'; readonly from: Query; readonly where: Query; readonly next: Query }
  | { readonly kind: 'compare'; readonly op: string; readonly left: Query; readonly right: Query }
  | { readonly kind: 'and' | 'or'; readonly left: Query; readonly right: Query }
  | { readonly kind: 'not'; readonly of: Query }
  | { readonly kind: 'list'; readonly of: readonly Query[] }
  | { readonly kind: 'record'; readonly of: readonly (readonly [string, Query])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Query[] }
  | { readonly kind: 'reference'; readonly of: Query };
