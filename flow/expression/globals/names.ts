import { functions, json, math } from './basics.ts';
import { dates } from './dates.ts';
import { rootFunctions, roots } from './roots.ts';
import { types } from './types.ts';

/** Every name that means the same in each expression. */
export const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['Math', math],
  ['JSON', json],
  ...Object.entries(functions),
  ...Object.entries(types),
  ...Object.entries(dates),
  ...Object.entries(rootFunctions),
]);

/** Whether a name exists in expressions, beside the variables that one makes itself. */
export function isKnownName(name: string): boolean {
  return constants.has(name) || roots.has(name);
}
