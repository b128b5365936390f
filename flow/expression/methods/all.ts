import type { DateTime } from 'luxon';
import type { Methods } from '../values/box.ts';
import { dateExtensions, momentExtensions } from './date-extensions.ts';
import { listMethods } from './list.ts';
import { listExtensions } from './list-extensions.ts';
import { momentMethods } from './moment.ts';
import { recordExtensions } from './record-extensions.ts';
import { recordMethods } from './record.ts';
import { booleanExtensions, booleanMethods, numberExtensions, numberMethods } from './scalars.ts';
import { textMethods } from './text.ts';
import { textExtensions } from './text-extensions.ts';

const both = <T>(native: Methods<T>, more: Methods<T>): Methods<T> => new Map([...native, ...more]);

/** Every method of a text, JavaScript's and ours. */
export const ofText: Methods<string> = both(textMethods, textExtensions);
/** Every method of a number. */
export const ofNumber: Methods<number> = both(numberMethods, numberExtensions);
/** Every method of true and false. */
export const ofBoolean: Methods<boolean> = both(booleanMethods, booleanExtensions);
/** Every method of a list. */
export const ofList: Methods<unknown[]> = both(listMethods, listExtensions);
/** Every method of an object. */
export const ofRecord: Methods<Record<string, unknown>> = both(recordMethods, recordExtensions);
/** Every method of a DateTime. */
export const ofMoment: Methods<DateTime> = both(momentMethods, momentExtensions);

const extensionKinds: readonly (readonly [string, ReadonlyMap<string, unknown>])[] = [
  ['a text', textExtensions],
  ['a number', numberExtensions],
  ['true or false', booleanExtensions],
  ['a list', listExtensions],
  ['an object', recordExtensions],
  ['a date', dateExtensions],
];

/** The kinds of value that have an extension function; none when there is no such function. */
export function kindsWith(name: string): readonly string[] {
  return extensionKinds.filter(([, methods]) => methods.has(name)).map(([kind]) => kind);
}
