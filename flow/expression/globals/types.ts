import { listFrom } from '../methods/list.ts';
import { fields } from '../methods/record-extensions.ts';
import { compileRegex } from '../regex/regex.ts';
import type { Run } from '../run.ts';
import { Callable, ErrorBox } from '../values/box.ts';
import { MapBox, RegexBox, SetBox } from '../values/boxes.ts';
import { callback, elements, invoke } from '../values/call.ts';
import { optionalText, toInteger, toNumber, toText } from '../values/convert.ts';
import { isRecord } from '../values/kinds.ts';
import { read } from '../values/member.ts';
import { forbidden, missing, mistake } from '../faults.ts';
import { isForbidden } from '../values/forbidden.ts';
import { parseQuery, parseUrl, QueryBox, UrlBox } from '../values/url.ts';
import { maker, needsNew, works } from './make.ts';

type Args = readonly unknown[];

const text = maker(
  'String',
  (run, args) => (args.length === 0 ? '' : toText(run, args[0])),
  (run, args) => (args.length === 0 ? '' : toText(run, args[0])),
  () => false,
  works({
    fromCharCode: (run, args) => args.map((arg) => String.fromCharCode(toNumber(run, arg))).join(''),
    fromCodePoint: (run, args) => args.map((arg) => String.fromCodePoint(toNumber(run, arg))).join(''),
  }),
);

const number = maker(
  'Number',
  (run, args) => (args.length === 0 ? 0 : toNumber(run, args[0])),
  (run, args) => (args.length === 0 ? 0 : toNumber(run, args[0])),
  () => false,
  {
    ...works({
      isInteger: (_run, args) => Number.isInteger(args[0]),
      isSafeInteger: (_run, args) => Number.isSafeInteger(args[0]),
      isFinite: (_run, args) => Number.isFinite(args[0]),
      isNaN: (_run, args) => Number.isNaN(args[0]),
      parseInt: (run, args) =>
        Number.parseInt(toText(run, args[0]), args[1] === undefined ? undefined : toNumber(run, args[1])),
      parseFloat: (run, args) => Number.parseFloat(toText(run, args[0])),
    }),
    EPSILON: Number.EPSILON,
    MAX_SAFE_INTEGER: Number.MAX_SAFE_INTEGER,
    MIN_SAFE_INTEGER: Number.MIN_SAFE_INTEGER,
    MAX_VALUE: Number.MAX_VALUE,
    MIN_VALUE: Number.MIN_VALUE,
    POSITIVE_INFINITY: Infinity,
    NEGATIVE_INFINITY: -Infinity,
    NaN: Number.NaN,
  },
);

const boolean = maker(
  'Boolean',
  (_run, args) => Boolean(args[0]),
  (_run, args) => Boolean(args[0]),
  () => false,
);

const newList = (run: Run, args: Args): unknown[] => {
  if (args.length !== 1 || typeof args[0] !== 'number') return [...args];
  run.length(args[0]);
  return Array.from({ length: toInteger(run, args[0]) });
};

const list = maker('Array', newList, newList, Array.isArray, {
  ...works({
    isArray: (_run, args) => Array.isArray(args[0]),
    of: (_run, args) => [...args],
    from: (run, args) => from(run, args),
  }),
});

function from(run: Run, args: Args): unknown[] {
  const values = isRecord(args[0]) ? counted(run, args[0]) : listFrom(run, args[0]);
  if (args[1] === undefined) return values;
  const work = callback(args[1], 'Array.from');
  return values.map((value, i) => invoke(run, work, [value, i]));
}

/** `Array.from({ length: 3 })`. */
function counted(run: Run, record: Record<string, unknown>): unknown[] {
  const length = Math.max(0, toInteger(run, read(run, record, 'length')));
  run.length(length);
  return Array.from({ length }, (_, i) => read(run, record, i));
}

const newRecord = (_run: Run, args: Args): unknown => (args[0] === undefined || args[0] === null ? {} : args[0]);

const record = maker('Object', newRecord, newRecord, (value) => typeof value === 'object' && value !== null, {
  ...works({
    keys: (run, args) => entries(run, args[0], 'keys').map(([key]) => key),
    values: (run, args) => entries(run, args[0], 'values').map(([, value]) => value),
    entries: (run, args) => entries(run, args[0], 'entries').map(([key, value]) => [key, value]),
    getOwnPropertyNames: (run, args) => entries(run, args[0], 'getOwnPropertyNames').map(([key]) => key),
    assign: (run, args) => assign(run, args),
    fromEntries: (run, args) => fromEntries(run, args[0]),
    hasOwn: (run, args) => isRecord(args[0]) && Object.hasOwn(run.view(args[0]), toText(run, args[1])),
    is: (_run, args) => Object.is(args[0], args[1]),
    freeze: (_run, args) => args[0],
    seal: (_run, args) => args[0],
    groupBy: (run, args) => groupBy(run, args),
  }),
});

/** The own fields of an object, a list or a text; none of other values; null and undefined have none to ask for. */
function entries(run: Run, value: unknown, name: string): [string, unknown][] {
  if (value === undefined || value === null) throw missing(`Object.${name}() needs an object, and got ${value}.`);
  if (isRecord(value)) return fields(run, value);
  if (typeof value !== 'string' && !Array.isArray(value)) return [];
  return elements(run, value).map((part, i) => [String(i), part]);
}

function assign(run: Run, args: Args): unknown {
  const target = args[0];
  if (!isRecord(target)) throw mistake('Object.assign() needs an object to assign to.');
  for (const source of args.slice(1)) {
    if (source === undefined || source === null) continue;
    for (const [name, value] of entries(run, source, 'assign')) {
      if (isForbidden(name)) throw forbidden(name);
      run.changeRecord(target)[name] = value;
    }
  }
  return target;
}

function fromEntries(run: Run, value: unknown): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const pair of elements(run, value)) {
    const name = toText(run, read(run, pair, 0));
    if (isForbidden(name)) throw forbidden(name);
    made[name] = read(run, pair, 1);
  }
  return made;
}

function groupBy(run: Run, args: Args): Record<string, unknown[]> {
  const work = callback(args[1], 'Object.groupBy');
  const groups: Record<string, unknown[]> = {};
  elements(run, args[0]).forEach((value, i) => {
    const name = toText(run, invoke(run, work, [value, i]));
    if (isForbidden(name)) throw forbidden(name);
    const group = Object.hasOwn(groups, name) ? groups[name] : undefined;
    if (group) group.push(value);
    else groups[name] = [value];
  });
  return groups;
}

const set = maker(
  'Set',
  needsNew('Set'),
  (run, args) => {
    const made = new SetBox();
    for (const value of args[0] === undefined || args[0] === null ? [] : elements(run, args[0])) made.values.add(value);
    return made;
  },
  (value) => value instanceof SetBox,
);

const map = maker(
  'Map',
  needsNew('Map'),
  (run, args) => {
    const made = new MapBox();
    for (const pair of args[0] === undefined || args[0] === null ? [] : elements(run, args[0]))
      made.entries.set(read(run, pair, 0), read(run, pair, 1));
    return made;
  },
  (value) => value instanceof MapBox,
);

const newRegex = (run: Run, args: Args): RegexBox => {
  const pattern = args[0];
  const source = pattern instanceof RegexBox ? pattern.source : toText(run, pattern ?? '');
  const flags = optionalText(run, args[1]) ?? (pattern instanceof RegexBox ? pattern.flags : '');
  return compileRegex(source, flags, run.budget);
};
const regex = maker('RegExp', newRegex, newRegex, (value) => value instanceof RegexBox, {
  ...works({ escape: (run, args) => toText(run, args[0]).replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`) }),
});

const newUrl = (run: Run, args: Args): UrlBox => {
  const made = parseUrl(run, toText(run, args[0]), optionalText(run, args[1]));
  if (!made) throw mistake('The text is no URL.');
  return made;
};
const url = maker('URL', needsNew('URL'), newUrl, (value) => value instanceof UrlBox, {
  ...works({ canParse: (run, args) => parseUrl(run, toText(run, args[0]), optionalText(run, args[1])) !== undefined }),
});

const query = maker(
  'URLSearchParams',
  needsNew('URLSearchParams'),
  (run, args) => new QueryBox(pairsOf(run, args[0])),
  (value) => value instanceof QueryBox,
);

function pairsOf(run: Run, value: unknown): [string, string][] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return parseQuery(run.text(value));
  const pairs = isRecord(value)
    ? fields(run, value)
    : elements(run, value).map((pair) => [read(run, pair, 0), read(run, pair, 1)]);
  return pairs.map(([name, part]) => [toText(run, name), toText(run, part)]);
}

function error(name: string): Callable {
  const make = (run: Run, args: Args) => new ErrorBox(name, optionalText(run, args[0]) ?? '');
  return maker(name, make, make, (value) => value instanceof ErrorBox && (name === 'Error' || value.name === name));
}

/** JavaScript's own types. */
export const types: Record<string, Callable> = {
  String: text,
  Number: number,
  Boolean: boolean,
  Array: list,
  Object: record,
  Set: set,
  Map: map,
  RegExp: regex,
  URL: url,
  URLSearchParams: query,
  Error: error('Error'),
  TypeError: error('TypeError'),
  RangeError: error('RangeError'),
  SyntaxError: error('SyntaxError'),
};
