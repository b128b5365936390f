import type { Node } from '../document/workflow.ts';

/** The params that hold JavaScript, by node type. Renaming and checking have no definitions at hand; a test of `nodes/` holds this list against them. */
export const codeParams: Readonly<Record<string, readonly string[]>> = { 'code.javascript': ['code'] };

/** The JavaScript that a node holds, by param. */
export function codesOf({ type, params = {} }: Node): { readonly param: string; readonly source: string }[] {
  const names = Object.hasOwn(codeParams, type) ? (codeParams[type] ?? []) : [];
  return names.flatMap((param) => {
    const source = params[param];
    return typeof source === 'string' ? [{ param, source }] : [];
  });
}
