import { limits } from '../limits.ts';
import { tooMuch } from '../faults.ts';
import type { Run } from '../run.ts';
import { type Methods, table } from '../values/box.ts';
import { MapBox, SetBox } from '../values/boxes.ts';
import { callback, elements, invoke } from '../values/call.ts';
import { toText } from '../values/convert.ts';
import { QueryBox, UrlBox } from '../values/url.ts';

type Args = readonly unknown[];

/** The methods of a Set; those that walk give lists. */
export const setMethods: Methods<SetBox> = table({
  add: (run: Run, set: SetBox, args: Args) => {
    room(run, set.values.size);
    set.values.add(keyed(run, args[0]));
    return set;
  },
  has: (run: Run, set: SetBox, args: Args) => set.values.has(keyed(run, args[0])),
  delete: (run: Run, set: SetBox, args: Args) => set.values.delete(keyed(run, args[0])),
  clear: (_run: Run, set: SetBox) => set.values.clear(),
  values: (run: Run, set: SetBox) => elements(run, set),
  keys: (run: Run, set: SetBox) => elements(run, set),
  entries: (run: Run, set: SetBox) => elements(run, set).map((value) => [value, value]),
  forEach: (run: Run, set: SetBox, args: Args) => {
    const work = callback(args[0], 'forEach');
    for (const value of elements(run, set)) invoke(run, work, [value, value, set]);
  },
  union: (run: Run, set: SetBox, args: Args) => setOf([...elements(run, set), ...elements(run, args[0])]),
  intersection: (run: Run, set: SetBox, args: Args) => {
    const others = new Set(elements(run, args[0]));
    return setOf(elements(run, set).filter((value) => others.has(value)));
  },
  difference: (run: Run, set: SetBox, args: Args) => {
    const others = new Set(elements(run, args[0]));
    return setOf(elements(run, set).filter((value) => !others.has(value)));
  },
});

/** The methods of a Map; those that walk give lists. */
export const mapMethods: Methods<MapBox> = table({
  get: (run: Run, map: MapBox, args: Args) => map.entries.get(keyed(run, args[0])),
  set: (run: Run, map: MapBox, args: Args) => {
    room(run, map.entries.size);
    map.entries.set(keyed(run, args[0]), args[1]);
    return map;
  },
  has: (run: Run, map: MapBox, args: Args) => map.entries.has(keyed(run, args[0])),
  delete: (run: Run, map: MapBox, args: Args) => map.entries.delete(keyed(run, args[0])),
  clear: (_run: Run, map: MapBox) => map.entries.clear(),
  keys: (run: Run, map: MapBox) => pairs(run, map).map(([key]) => key),
  values: (run: Run, map: MapBox) => pairs(run, map).map(([, value]) => value),
  entries: (run: Run, map: MapBox) => pairs(run, map),
  forEach: (run: Run, map: MapBox, args: Args) => {
    const work = callback(args[0], 'forEach');
    for (const [key, value] of pairs(run, map)) invoke(run, work, [value, key, map]);
  },
});

/** The methods of query parameters. */
export const queryMethods: Methods<QueryBox> = table({
  get: (run: Run, query: QueryBox, args: Args) => named(run, query, args)[0]?.[1] ?? null,
  getAll: (run: Run, query: QueryBox, args: Args) => named(run, query, args).map(([, value]) => value),
  has: (run: Run, query: QueryBox, args: Args) => named(run, query, args).length > 0,
  append: (run: Run, query: QueryBox, args: Args) => {
    room(run, query.pairs.length);
    query.pairs.push([toText(run, args[0]), toText(run, args[1])]);
    query.changed();
  },
  set: (run: Run, query: QueryBox, args: Args) => {
    const name = toText(run, args[0]);
    const at = query.pairs.findIndex(([known]) => known === name);
    const pair: [string, string] = [name, toText(run, args[1])];
    const others = query.pairs.filter(([known]) => known !== name);
    others.splice(at < 0 ? others.length : at, 0, pair);
    room(run, others.length);
    query.pairs = others;
    query.changed();
  },
  delete: (run: Run, query: QueryBox, args: Args) => {
    const name = toText(run, args[0]);
    query.pairs = query.pairs.filter(([known]) => known !== name);
    query.changed();
  },
  sort: (_run: Run, query: QueryBox) => {
    query.pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    query.changed();
  },
  keys: (_run: Run, query: QueryBox) => query.pairs.map(([name]) => name),
  values: (_run: Run, query: QueryBox) => query.pairs.map(([, value]) => value),
  entries: (run: Run, query: QueryBox) => elements(run, query),
  forEach: (run: Run, query: QueryBox, args: Args) => {
    const work = callback(args[0], 'forEach');
    for (const [name, value] of query.pairs) invoke(run, work, [value, name, query]);
  },
  toString: (_run: Run, query: QueryBox) => query.text(),
});

/** The methods of a URL; its parts are read as fields. */
export const urlMethods: Methods<UrlBox> = table({
  toString: (_run: Run, url: UrlBox) => url.text(),
  toJSON: (_run: Run, url: UrlBox) => url.text(),
});

/** A text that is looked up is read, to the budget. */
function keyed(run: Run, value: unknown): unknown {
  if (typeof value === 'string') run.reads(value);
  return value;
}

function setOf(values: readonly unknown[]): SetBox {
  const set = new SetBox();
  for (const value of values) set.values.add(value);
  return set;
}

function pairs(run: Run, map: MapBox): [unknown, unknown][] {
  run.length(map.entries.size);
  return [...map.entries];
}

function named(run: Run, query: QueryBox, args: Args): [string, string][] {
  const name = toText(run, args[0]);
  run.length(query.pairs.length);
  return query.pairs.filter(([known]) => known === name);
}

function room(run: Run, size: number): void {
  if (size >= limits.list) throw tooMuch('The expression builds too big a collection.');
  run.charge(1);
}
