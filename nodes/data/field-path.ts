import { path } from '../kit/fields.ts';
import { isRefused } from './path.ts';

/** The place of a field that a node reads or writes; paths through which a prototype could be reached are refused. */
export const fieldPath = (label: Parameters<typeof path>[0]) =>
  path(label)
    .max(500)
    .refine((text) => !isRefused(text), { error: 'No field may be called __proto__, constructor or prototype.' });
