import { canonical } from '../canonical.ts';
import { isObject } from '../json.ts';

/** Who wins where two people changed one thing. */
export type Side = 'ours' | 'theirs';

/** One thing that two people changed in two ways. `undefined` on a side: it was taken away there. */
export interface Clash {
  /** Names the thing, the same each time the same documents are merged: `node:price.params.url`. */
  readonly id: string;
  /** The node that it is about, by its key. */
  readonly node?: string | undefined;
  /** What of it: `params`, `url`; empty for all of it. */
  readonly path: readonly string[];
  readonly ours: unknown;
  readonly theirs: unknown;
}

/** What was decided, by the ids of clashes. */
export type Choices = Readonly<Record<string, Side>>;

/** Collects clashes; what is not decided yet stays as it is on their side, which is stored. */
export class Judge {
  readonly open: Clash[] = [];
  readonly all: Clash[] = [];
  private readonly choices: Choices;

  constructor(choices: Choices) {
    this.choices = choices;
  }

  settle(clash: Clash): Side {
    const side = Object.hasOwn(this.choices, clash.id) ? this.choices[clash.id] : undefined;
    this.all.push(clash);
    if (side === undefined) this.open.push(clash);
    return side ?? 'theirs';
  }
}

/** Three states of one thing: what both began with, and what each made of it. */
export interface Three<Value> {
  readonly base: Value | undefined;
  readonly ours: Value | undefined;
  readonly theirs: Value | undefined;
}

/** Whether two values are one; nothing and null are two, though JSON writes both alike. */
export const same = (one: unknown, other: unknown): boolean =>
  one === other || (one !== undefined && other !== undefined && canonical(one) === canonical(other));

/** The side that alone changed something, or either when both are the same; undefined when both changed it and differ. */
export function changedBy({ base, ours, theirs }: Three<unknown>): Side | undefined {
  if (same(ours, theirs) || same(base, ours)) return 'theirs';
  return same(base, theirs) ? 'ours' : undefined;
}

/** Fields that say what the fields beside them mean: two kinds of a thing are not mixed. */
const kinds = ['kind', 'type', 'mode'];

/** Merges values field by field, and lists of one length entry by entry; where both changed one thing, the judge says whose counts. */
export function mergeValue(three: Three<unknown>, place: Pick<Clash, 'id' | 'node' | 'path'>, judge: Judge): unknown {
  const side = changedBy(three);
  if (side) return three[side];
  const { base, ours, theirs } = three;
  const inner = (name: string, parts: Three<unknown>) =>
    mergeValue(parts, { ...place, id: `${place.id}.${name}`, path: [...place.path, name] }, judge);
  if (isObject(ours) && isObject(theirs) && (base === undefined || isObject(base)) && isOneKind(base, ours, theirs)) {
    const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
    const merged = names.map((name): [string, unknown] => {
      const parts = { base: base && own(base, name), ours: own(ours, name), theirs: own(theirs, name) };
      return [name, inner(name, parts)];
    });
    return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
  }
  if (Array.isArray(base) && Array.isArray(ours) && Array.isArray(theirs))
    if (base.length === ours.length && base.length === theirs.length)
      return base.map((entry: unknown, index) =>
        inner(String(index), { base: entry, ours: ours[index], theirs: theirs[index] }),
      );
  return three[judge.settle({ ...place, ours, theirs })];
}

const own = (record: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const isOneKind = (
  base: Readonly<Record<string, unknown>> | undefined,
  ours: Readonly<Record<string, unknown>>,
  theirs: Readonly<Record<string, unknown>>,
): boolean =>
  kinds.every(
    (name) =>
      changedBy({ base: base && own(base, name), ours: own(ours, name), theirs: own(theirs, name) }) !== undefined &&
      same(own(ours, name), own(theirs, name)),
  );
