import * as z from 'zod';

/** The operations that a condition knows. */
export const conditionOp = z.enum([
  'equals',
  'not-equals',
  'contains',
  'not-contains',
  'starts-with',
  'not-starts-with',
  'ends-with',
  'not-ends-with',
  'matches',
  'not-matches',
  'in',
  'not-in',
  'gt',
  'gte',
  'lt',
  'lte',
  'before',
  'after',
  'empty',
  'not-empty',
  'exists',
  'not-exists',
  'is-true',
  'is-false',
  'has-key',
  'not-has-key',
  'length-equals',
  'length-not-equals',
  'length-gt',
  'length-gte',
  'length-lt',
  'length-lte',
]);
export type ConditionOp = z.infer<typeof conditionOp>;

/** One comparison: `left` and `right` are worked out for each item before the condition is looked at. */
export const condition = z.object({
  left: z.unknown().optional().meta({ title: 'Left side' }),
  op: conditionOp.meta({ title: 'Operator' }),
  right: z.unknown().optional().meta({ title: 'Right side' }),
});
export type Condition = z.infer<typeof condition>;

/** Conditions of which all, or any, must hold; groups nest. */
export type Where = Condition | { all: Where[] } | { any: Where[] };
export const where: z.ZodType<Where> = z.lazy(() =>
  z.union([z.strictObject({ all: z.array(where) }), z.strictObject({ any: z.array(where) }), condition]),
);
