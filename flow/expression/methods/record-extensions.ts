import { isIn } from '../../values/text-search.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { toText } from '../values/convert.ts';
import { isRecord } from '../values/kinds.ts';
import { isForbidden } from '../values/forbidden.ts';
import { stringify } from './json.ts';

type Args = readonly unknown[];
type Fields = Record<string, unknown>;

/** The functions that objects have beyond JavaScript's. */
export const recordExtensions: Methods<Fields> = table({
  isEmpty: (run: Run, record: Fields) => Object.keys(run.view(record)).length === 0,
  isNotEmpty: (run: Run, record: Fields) => Object.keys(run.view(record)).length > 0,
  keys: (run: Run, record: Fields) => fields(run, record).map(([name]) => name),
  values: (run: Run, record: Fields) => fields(run, record).map(([, value]) => value),
  hasField: (run: Run, record: Fields, args: Args) => Object.hasOwn(run.view(record), toText(run, args[0])),
  removeField: (run: Run, record: Fields, args: Args) => {
    const gone = toText(run, args[0]);
    return kept(run, record, (name) => name !== gone);
  },
  removeFieldsContaining: (run: Run, record: Fields, args: Args) => {
    const part = toText(run, args[0]);
    return kept(run, record, (_, value) => !isWith(run, value, part));
  },
  keepFieldsContaining: (run: Run, record: Fields, args: Args) => {
    const part = toText(run, args[0]);
    return kept(run, record, (_, value) => isWith(run, value, part));
  },
  compact: (run: Run, record: Fields) => compacted(run, record),
  merge: (run: Run, record: Fields, args: Args) => (isRecord(args[0]) ? merged(run, args[0], record) : record),
  urlEncode: (run: Run, record: Fields) =>
    run.made(
      fields(run, record)
        .map(([name, value]) => `${encoded(name)}=${encoded(toText(run, value))}`)
        .join('&'),
    ),
  toJsonString: (run: Run, record: Fields) => stringify(run, record),
});

/** The fields of a record as this evaluation sees it; counts that they are walked through. */
export function fields(run: Run, record: Fields): [string, unknown][] {
  const entries = Object.entries(run.view(record));
  run.length(entries.length);
  return entries;
}

/** Whether a value is a text that holds another. */
const isWith = (run: Run, value: unknown, part: string): boolean =>
  typeof value === 'string' && isIn(run.text(value), part, 0, run.budget);

function kept(run: Run, record: Fields, keep: (name: string, value: unknown) => boolean): Fields {
  return Object.fromEntries(fields(run, record).filter(([name, value]) => !isForbidden(name) && keep(name, value)));
}

/** Whether a value says nothing: null, undefined, empty text, an empty list or object. */
export function isBlank(run: Run, value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 'nil') return true;
  if (Array.isArray(value)) return run.view(value).length === 0;
  return isRecord(value) && Object.keys(run.view(value)).length === 0;
}

/** A record without blank fields, inside as well. */
function compacted(run: Run, record: Fields, depth = 0): Fields {
  const inner = (value: unknown) => (isRecord(value) && depth < 100 ? compacted(run, value, depth + 1) : value);
  const whole = fields(run, record).filter(([name, value]) => !isForbidden(name) && !isBlank(run, value));
  return Object.fromEntries(whole.map(([name, value]) => [name, inner(value)]));
}

/** The fields of both records; those of the second win. */
export function merged(run: Run, first: Fields, second: Fields): Fields {
  const pairs = [...fields(run, first), ...fields(run, second)];
  return Object.fromEntries(pairs.filter(([name]) => !isForbidden(name)));
}

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+');
