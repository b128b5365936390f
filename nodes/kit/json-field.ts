import * as z from 'zod';
import { compilePieces, compileTemplate, compileValue, isOneExpression } from '../../flow/expression/compile.ts';
import type { Scope } from '../../flow/expression/scope.ts';
import { isTemplate } from '../../flow/expression/template.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { beginsAsJson } from '../../flow/values/broken-json.ts';
import { readJson } from '../../flow/values/json-text.ts';
import type { Piece } from '../../flow/values/json-text.ts';
import type { Budget } from '../../flow/facts/budget.ts';

/** Whether a field takes any JSON, so that text in it is read as JSON. */
export function isJsonField(schema: z.core.$ZodType): boolean {
  if (z.globalRegistry.get(schema)?.['ui'] === 'json') return true;
  const { def } = schema._zod;
  const inner = 'innerType' in def ? def.innerType : undefined;
  return inner instanceof z.core.$ZodType && isJsonField(inner);
}

/** A field by its key, and as its form calls it. */
export interface JsonField {
  readonly name: string;
  readonly title: string;
}

/**
 * Fills a JSON field in. Text with expressions in it is JSON once they are filled in, or a fault that says where it is none. One
 * expression keeps its value's type; a text that it gives, and a text without expressions, is JSON where it begins as an object or list.
 */
export function compileJson(field: JsonField, written: unknown, engine: number): (scope: Scope) => unknown {
  if (typeof written !== 'string') return compileValue(written, engine);
  if (!isTemplate(written)) {
    return (scope) => jsonValue(field, written, scope.budget);
  }
  if (isOneExpression(written)) {
    const fill = compileTemplate(written, { engine });
    return (scope) => jsonValue(field, fill(scope), scope.budget);
  }
  const pieces = compilePieces(written, engine);
  return (scope) => jsonOf(field, pieces(scope), scope.budget);
}

/** A value of a JSON field: text that begins as an object or a list does is read as JSON. */
export const jsonValue = (field: JsonField, value: unknown, budget?: Budget): unknown =>
  typeof value === 'string' && beginsAsJson(value) ? jsonOf(field, [{ text: value, isFilled: false }], budget) : value;

function jsonOf({ name, title }: JsonField, pieces: readonly Piece[], budget: Budget | undefined): unknown {
  const read = readJson(pieces, budget);
  if (read.ok) return read.value;
  throw new Fault('params.invalid', `${title} ${read.message}.`, {
    mend: read.mend,
    done: 'no',
    details: { param: name },
  });
}
