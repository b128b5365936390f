import type * as z from 'zod';

/**
 * What a form shows of a node at first, as data beside a field's title. Documents do not change by it: a value in a field that is
 * not shown is kept, and the form says that it is there.
 */
type Word = string | boolean;

/** Fields beside this one, with the values for which this one matters: `{ mode: 'match' }`, `{ kind: ['radio', 'checkbox'] }`. */
export type Show = Readonly<Record<string, Word | readonly Word[]>>;

const marked = <Schema extends z.ZodType>(schema: Schema, mark: object): Schema =>
  schema.meta({ ...schema.meta(), ...mark });

/** A field that only matters while fields beside it have these values, or are expressions. */
export const shown = <Schema extends z.ZodType>(show: Show, schema: Schema): Schema => marked(schema, { show });

/** A field that few need: it stands behind "Add option" until it has a value. */
export const option = <Schema extends z.ZodType>(schema: Schema): Schema => marked(schema, { option: true });

/** A literal text that the host reads as a template, at its own time: a form offers expressions for it. */
export const asTemplate = <Schema extends z.ZodType>(schema: Schema): Schema => marked(schema, { template: true });

/** One of several fields of which at most one is filled in: the form asks `either` first, then shows the chosen one. */
export const either = <Schema extends z.ZodType>(title: string, schema: Schema): Schema =>
  marked(schema, { either: title });
