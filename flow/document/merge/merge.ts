import { touches } from '../edits/traces.ts';
import type { Edge, Node, Pinned, Workflow } from '../workflow.ts';
import { arranged, members } from './lists.ts';
import { withCommonNames } from './names.ts';
import type { ThreeDocuments } from './names.ts';
import { changedBy, Judge, mergeValue, same } from './values.ts';
import type { Choices, Clash, Side, Three } from './values.ts';

/** What came of merging. */
export interface Merged {
  readonly document: Workflow;
  /** What both changed in two ways, whatever was decided of it. */
  readonly clashes: readonly Clash[];
  /** Those that nobody decided yet; the document has them as they are on their side. */
  readonly open: readonly Clash[];
}

/**
 * Merges what two people made of one document. Whatever one of them changed is in the result, or it is a clash: something that both
 * changed in two ways, or that one took away while the other worked on it. Where a thing stands on the canvas counts only while it is there.
 *
 *     base    hook -> price             price.url = a
 *     ours    hook -> price -> tell     price.url = b
 *     theirs  hook -> price             price.url = c, price.method = PUT
 *     merged  hook -> price -> tell     price.method = PUT, and a clash: node:price.params.url
 */
export function merge(three: ThreeDocuments, choices: Choices = {}): Merged {
  const alone = changedBy(three);
  if (alone) return { document: three[alone], clashes: [], open: [] };
  const named = withCommonNames(three);
  const judge = new Judge(choices);
  const kept = new Map<string, Side>();
  const nodes = mergedNodes(named, judge, kept);
  const known = keysOf(named);
  const isThere = (key: string) => nodes.has(key) || !known.has(key);
  const { base, ours, theirs } = named;
  const field = <Name extends 'name' | 'about' | 'settings' | 'tests'>(name: Name): Workflow[Name] =>
    // What comes of merging values of one schema, field by field, is of that schema: whole values of one side at the ends.
    mergeValue(
      { base: base[name], ours: ours[name], theirs: theirs[name] },
      { id: `workflow.${name}`, path: [name] },
      judge,
    ) as Workflow[Name];
  const document: Workflow = {
    heddle: 1,
    name: field('name'),
    ...present('about', field('about')),
    nodes: ordered(named, nodes),
    edges: mergedEdges(named, kept, isThere, judge),
    ...listed('notes', mergedMarks(named, 'notes', judge)),
    ...listed('groups', mergedGroups(named, isThere, judge)),
    ...present('settings', field('settings')),
    ...mergedPins(named, kept, isThere, judge),
    ...listed('tests', field('tests') ?? []),
  };
  return { document, clashes: judge.all, open: judge.open };
}

const keysOf = (three: ThreeDocuments): Set<string> =>
  new Set(Object.values(three).flatMap(({ nodes }: Workflow) => nodes.map(({ key }) => key)));

const present = <Name extends keyof Workflow>(name: Name, value: Workflow[Name]): Partial<Workflow> =>
  value === undefined ? {} : { [name]: value };

const listed = <Name extends 'notes' | 'groups' | 'tests'>(name: Name, list: NonNullable<Workflow[Name]>) =>
  list.length === 0 ? {} : { [name]: list };

/** The nodes that stay, by key; in `kept`, those that one side took away and stay all the same, by whose they are. */
function mergedNodes(three: ThreeDocuments, judge: Judge, kept: Map<string, Side>): Map<string, Node> {
  const at = byName(
    three,
    ({ nodes }) => nodes,
    ({ key }) => key,
  );
  const found = new Map<string, Node>();
  for (const [key, states] of at) {
    const node = mergedNode(three, key, states, judge);
    if (!node) continue;
    found.set(key, node);
    if (states.base && !(states.ours && states.theirs)) kept.set(key, states.ours ? 'ours' : 'theirs');
  }
  return found;
}

function mergedNode(three: ThreeDocuments, key: string, states: Three<Node>, judge: Judge): Node | undefined {
  const { base, ours, theirs } = states;
  const place = { id: `node:${key}`, node: key, path: [] };
  // As in `field`: the parts are of one schema, and so is the whole.
  if (ours && theirs) return mergeValue(states, place, judge) as Node;
  const left = ours ? 'ours' : 'theirs';
  const rest = ours ?? theirs;
  if (!rest || !base) return rest;
  if (!isWorkedOn(three.base, three[left], base, rest)) return undefined;
  return states[judge.settle({ ...place, ours, theirs })];
}

/** Whether somebody did more to a node than to move it: its fields, its pin, edges or a group that it was not in. */
function isWorkedOn(before: Workflow, after: Workflow, { at: _was, ...old }: Node, { at: _is, ...now }: Node): boolean {
  const { key } = now;
  const had = new Set(before.edges.map(edgeName));
  const groupsOf = ({ groups = [] }: Workflow) => groups.filter(({ nodes }) => nodes.includes(key)).map(({ id }) => id);
  const inside = new Set(groupsOf(before));
  return (
    !same(old, now) ||
    !same(before.pins?.[key], after.pins?.[key]) ||
    after.edges.some((edge) => touches(edge, key) && !had.has(edgeName(edge))) ||
    groupsOf(after).some((id) => !inside.has(id))
  );
}

const edgeName = ({ from, to }: Edge): string => `${from} ${to}`;

function ordered({ base, ours, theirs }: ThreeDocuments, nodes: ReadonlyMap<string, Node>): Node[] {
  const keys = ({ nodes: list }: Workflow) => list.map(({ key }) => key);
  const order = arranged({ base: keys(base), ours: keys(ours), theirs: keys(theirs) }, new Set(nodes.keys()));
  return order.flatMap((key) => nodes.get(key) ?? []);
}

function mergedEdges(
  three: ThreeDocuments,
  kept: ReadonlyMap<string, Side>,
  isThere: (key: string) => boolean,
  judge: Judge,
): Edge[] {
  const names = ({ edges }: Workflow) => edges.map(edgeName);
  const lists = { base: names(three.base), ours: names(three.ours), theirs: names(three.theirs) };
  const all = new Map(
    [...three.base.edges, ...three.ours.edges, ...three.theirs.edges].map((one) => [edgeName(one), one]),
  );
  const stay = members(lists);
  // A node that was taken away and stays has its edges again.
  for (const [key, side] of kept)
    for (const edge of three[side].edges) if (touches(edge, key)) stay.add(edgeName(edge));
  const order = arranged(lists, stay, { judge, place: { id: 'edges', path: ['order of connections'] } });
  return order.flatMap((name) => all.get(name) ?? []).filter((edge) => endsOf(edge).every(isThere));
}

const endsOf = ({ from, to }: Edge): string[] => [from, to].map((end) => end.split('.', 1)[0] ?? end);

/** Notes, or the fields of groups: who took one away while the other wrote on it is asked. */
function mergedMarks<Name extends 'notes' | 'groups'>(three: ThreeDocuments, name: Name, judge: Judge) {
  type Mark = NonNullable<Workflow[Name]>[number];
  const marks = (document: Workflow) => (document[name] ?? []) as Mark[];
  const at = byName(three, marks, ({ id }) => id);
  const found = new Map<string, Mark>();
  for (const [id, states] of at) {
    const place = { id: `${name}:${id}`, path: [name === 'notes' ? 'note' : 'group'] };
    const rest = states.ours ?? states.theirs;
    const isOnBoth = states.ours !== undefined && states.theirs !== undefined;
    const mark = isOnBoth ? (mergeValue(states, place, judge) as Mark) : leftMark(states, rest, place, judge);
    if (mark) found.set(id, mark);
  }
  const ids = (document: Workflow) => marks(document).map(({ id }) => id);
  const order = arranged(
    { base: ids(three.base), ours: ids(three.ours), theirs: ids(three.theirs) },
    new Set(found.keys()),
  );
  return order.flatMap((id) => found.get(id) ?? []);
}

function leftMark<Mark extends object>(
  states: Three<Mark>,
  rest: Mark | undefined,
  place: Pick<Clash, 'id' | 'path'>,
  judge: Judge,
): Mark | undefined {
  if (!states.base || !rest || same(unplaced(states.base), unplaced(rest))) return states.base ? undefined : rest;
  return states[judge.settle({ ...place, ours: states.ours, theirs: states.theirs })];
}

const unplaced = (mark: object): object => ({ ...mark, at: undefined });

type Group = NonNullable<Workflow['groups']>[number];

/** Groups by their fields and members. Who takes one away while the other adds to it is asked, as for a note that is written on. */
function mergedGroups(three: ThreeDocuments, isThere: (key: string) => boolean, judge: Judge): Group[] {
  const of = ({ groups = [] }: Workflow, id: string) => groups.find((group) => group.id === id);
  const isOnBoth = (id: string) => of(three.ours, id) !== undefined && of(three.theirs, id) !== undefined;
  // Of a group that both have, members are merged one by one below; of one that a side took away, what counts is who came in.
  const framed = (document: Workflow): Workflow => ({
    ...document,
    groups: (document.groups ?? []).map((group) => ({ ...group, nodes: isOnBoth(group.id) ? [] : comers(group) })),
  });
  const comers = ({ id, nodes }: Group) => nodes.filter((key) => !of(three.base, id)?.nodes.includes(key));
  const frames = mergedMarks(
    { base: framed(three.base), ours: framed(three.ours), theirs: framed(three.theirs) },
    'groups',
    judge,
  );
  return frames.map((frame) => {
    const [base, ours, theirs] = [three.base, three.ours, three.theirs].map((one) => of(one, frame.id)?.nodes);
    const nodes = ours && theirs ? together({ base: base ?? [], ours, theirs }) : (ours ?? theirs ?? []);
    return { ...frame, nodes: nodes.filter(isThere) };
  });
}

const together = (lists: { base: readonly string[]; ours: readonly string[]; theirs: readonly string[] }): string[] =>
  arranged(lists, members(lists));

/** A pin is data of one call: two are never mixed. Of a node that was taken away and stays, the pin of that side stays with it. */
function mergedPins(
  three: ThreeDocuments,
  kept: ReadonlyMap<string, Side>,
  isThere: (key: string) => boolean,
  judge: Judge,
): Partial<Workflow> {
  const at = byName(
    three,
    ({ pins = {} }) => Object.entries(pins),
    ([key]) => key,
  );
  const pins = [...at].flatMap(([key, states]): [string, Pinned][] => {
    if (!isThere(key)) return [];
    const values = { base: states.base?.[1], ours: states.ours?.[1], theirs: states.theirs?.[1] };
    const place = { id: `pin:${key}`, node: key, path: ['pinned output'] };
    const side = kept.get(key) ?? changedBy(values);
    const pin = values[side ?? judge.settle({ ...place, ours: values.ours, theirs: values.theirs })];
    return pin === undefined ? [] : [[key, pin]];
  });
  return pins.length === 0 ? {} : { pins: Object.fromEntries(pins) };
}

function byName<Thing>(
  three: ThreeDocuments,
  listOf: (document: Workflow) => readonly Thing[],
  nameOf: (thing: Thing) => string,
): Map<string, Three<Thing>> {
  const found = new Map<string, { -readonly [State in keyof Three<Thing>]: Thing | undefined }>();
  for (const state of ['theirs', 'ours', 'base'] as const)
    for (const thing of listOf(three[state])) {
      const known = found.get(nameOf(thing)) ?? { base: undefined, ours: undefined, theirs: undefined };
      known[state] = thing;
      found.set(nameOf(thing), known);
    }
  return found;
}
