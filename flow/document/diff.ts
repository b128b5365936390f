import { canonical } from './canonical.ts';
import { isObject } from './json.ts';
import { splitEnd } from './ports.ts';
import { plain, quote } from './quote.ts';
import type { Edge, Node, Workflow } from './workflow.ts';

/** One value that differs, by its path as in `fields[0].value`; a missing value is undefined. */
export interface FieldChange {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What changed in a node that is in both documents. `renamedFrom` is its old key. */
export interface NodeChange {
  readonly key: string;
  readonly renamedFrom?: string;
  readonly fields: readonly FieldChange[];
}

/**
 * Edges that came and went, and the nodes into whose inputs items now come in another order. In which order edges to different inputs stand
 * means nothing: it follows from who drew first, and from merging.
 */
export interface EdgeChanges {
  readonly added: readonly Edge[];
  readonly removed: readonly Edge[];
  readonly reordered: boolean;
  readonly reorderedInto: readonly string[];
}

/** What differs between two documents. Where things stand on the canvas, notes and groups count together as `layout`. */
export interface WorkflowDiff {
  readonly added: readonly Node[];
  readonly removed: readonly Node[];
  readonly changed: readonly NodeChange[];
  readonly edges: EdgeChanges;
  readonly document: readonly FieldChange[];
  readonly layout: boolean;
}

/** Compares two documents. Nodes are the same when their keys are, or when only the key of one differs. */
export function diff(before: Workflow, after: Workflow): WorkflowDiff {
  const old = byKey(before);
  const now = byKey(after);
  const nameOf = naming();
  const gone = before.nodes.filter(({ key }) => !now.has(key));
  const come = after.nodes.filter(({ key }) => !old.has(key));
  const renamed = renames(gone, come);
  const oldNames = new Set(renamed.values());
  const origin = ({ key }: Node) => old.get(key) ?? old.get(renamed.get(key) ?? '');
  const isMoved = after.nodes.some((node) => canonical((origin(node) ?? node).at) !== canonical(node.at));
  const changed = after.nodes.flatMap((node): NodeChange[] => {
    const from = origin(node);
    if (!from) return [];
    const fields = nodeChanges(from, node, nameOf);
    if (from.key !== node.key) return [{ key: node.key, renamedFrom: from.key, fields }];
    return fields.length > 0 ? [{ key: node.key, fields }] : [];
  });
  return {
    added: come.filter(({ key }) => !renamed.has(key)),
    removed: gone.filter(({ key }) => !oldNames.has(key)),
    changed,
    edges: edgeChanges(underNewKeys(before.edges, renamed), after.edges),
    document: fieldChanges(meaning(before), meaning(after), nameOf),
    layout: isMoved || canonical(marks(before)) !== canonical(marks(after)),
  };
}

const byKey = ({ nodes }: Workflow): Map<string, Node> => new Map(nodes.map((node) => [node.key, node]));

const meaning = ({ name, about, settings, tests }: Workflow) => ({ name, about, settings, tests });

/** Notes and groups in one order: how they stand in the document follows from who made them first, and from merging. */
const marks = ({ notes = [], groups = [] }: Workflow) => ({
  notes: inOrder(notes),
  groups: inOrder(groups).map((group) => ({ ...group, nodes: group.nodes.toSorted() })),
});

const inOrder = <Mark extends { readonly id: string }>(list: readonly Mark[]): Mark[] =>
  list.toSorted((one, other) => (one.id < other.id ? -1 : 1));

/** New keys by old: nodes of equal type, params, title and place, where there is exactly one such pair. */
function renames(gone: readonly Node[], come: readonly Node[]): Map<string, string> {
  const look = ({ key: _key, ...rest }: Node) => canonical(rest);
  const left = Map.groupBy(gone, look);
  const right = Map.groupBy(come, look);
  const pairs = [...right].flatMap(([text, nodes]): [string, string][] => {
    const [from, ...more] = left.get(text) ?? [];
    return from && more.length === 0 && nodes.length === 1 ? [[nodes[0]!.key, from.key]] : [];
  });
  return new Map(pairs);
}

/** Edges of before as they are called now: a new key is no new connection. */
function underNewKeys(edges: readonly Edge[], renamed: ReadonlyMap<string, string>): readonly Edge[] {
  if (renamed.size === 0) return edges;
  const now = new Map([...renamed].map(([key, old]) => [old, key]));
  const end = (text: string) => {
    const { key } = splitEnd(text);
    return `${now.get(key) ?? key}${text.slice(key.length)}`;
  };
  return edges.map((edge) => ({ ...edge, from: end(edge.from), to: end(edge.to) }));
}

function nodeChanges(before: Node, after: Node, nameOf: NameOf): FieldChange[] {
  const fields = ({ type, version, title, note, params = {}, settings = {} }: Node) => ({
    own: { type, version, title, note, settings },
    params,
  });
  const [old, now] = [fields(before), fields(after)];
  return [...fieldChanges(old.own, now.own, nameOf), ...fieldChanges(old.params, now.params, nameOf)];
}

function edgeChanges(before: readonly Edge[], after: readonly Edge[]): EdgeChanges {
  const name = ({ from, to }: Edge) => `${from} ${to}`;
  const old = new Set(before.map(name));
  const now = new Set(after.map(name));
  const orders = (edges: readonly Edge[], other: ReadonlySet<string>) =>
    Map.groupBy(
      edges.filter((edge) => other.has(name(edge))),
      ({ to }) => inputOf(to),
    );
  const [was, is] = [orders(before, now), orders(after, old)];
  const text = (edges: readonly Edge[] = []) => edges.map(name).join('|');
  const moved = [...is].filter(([input, edges]) => text(was.get(input)) !== text(edges));
  return {
    added: after.filter((edge) => !old.has(name(edge))),
    removed: before.filter((edge) => !now.has(name(edge))),
    reordered: moved.length > 0,
    reorderedInto: [...new Set(moved.map(([input]) => splitEnd(input).key))],
  };
}

/** An input by one name: `in` is the first of every node that has one, and may be left out. */
const inputOf = (end: string): string => (end.endsWith('.in') ? end.slice(0, -'.in'.length) : end);

/** Gives equal values one name, and others another. */
type NameOf = (value: unknown) => string;

/** Names each object and list once, by the names of its members: equality at every level of a deep value asks for all below it. */
function naming(): NameOf {
  const known = new WeakMap<object, string>();
  const names = new Map<string, string>();
  const nameOf: NameOf = (value) => {
    if (typeof value !== 'object' || value === null) return canonical(value);
    const made = known.get(value);
    if (made !== undefined) return made;
    // A name stands for its members as text does in no JSON, so that no text is taken for one.
    const text = shapeText(value, nameOf);
    const name = names.get(text) ?? `#${names.size}`;
    names.set(text, name);
    known.set(value, name);
    return name;
  };
  return nameOf;
}

/** As `canonical`, with members by their names. */
function shapeText(value: object, nameOf: NameOf): string {
  if (Array.isArray(value)) return `[${value.map((member) => nameOf(member)).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${nameOf(member)}`)
    .join(',')}}`;
}

const most = 50;

/** The innermost values that differ, at most 50. A list that grew or shrank differs by the entries that came and went. */
function fieldChanges(before: unknown, after: unknown, nameOf: NameOf, path = ''): FieldChange[] {
  // As JSON, what is not there is written like null.
  if ((before === undefined) === (after === undefined) && nameOf(before) === nameOf(after)) return [];
  const [old, now] = [orNothing(before, after), orNothing(after, before)];
  if (isObject(old) && isObject(now)) {
    const names = new Set([...Object.keys(old), ...Object.keys(now)]);
    const inner = [...names].flatMap((name) =>
      fieldChanges(own(old, name), own(now, name), nameOf, path === '' ? name : `${path}.${name}`),
    );
    return inner.slice(0, most);
  }
  if (Array.isArray(before) && Array.isArray(after)) return entryChanges(before, after, nameOf, path).slice(0, most);
  return [{ path, before, after }];
}

/** What was not there and then is an object differs by what the object holds; an entry of a list comes and goes whole. */
const orNothing = (value: unknown, other: unknown): unknown =>
  value === undefined && isObject(other) && Object.keys(other).length > 0 ? {} : value;

/** Entries are the same from both ends of the list; between them they are compared by their place, and what is left over came or went. */
function entryChanges(
  before: readonly unknown[],
  after: readonly unknown[],
  nameOf: NameOf,
  path: string,
): FieldChange[] {
  const most = Math.min(before.length, after.length);
  const texts = [before.map((entry) => nameOf(entry)), after.map((entry) => nameOf(entry))] as const;
  let head = 0;
  while (head < most && texts[0][head] === texts[1][head]) head++;
  let tail = 0;
  while (tail < most - head && texts[0].at(-1 - tail) === texts[1].at(-1 - tail)) tail++;
  const both = most - head - tail;
  const left = (list: readonly unknown[]) => list.slice(head + both, list.length - tail);
  const at = (index: number) => `${path}[${index}]`;
  return [
    ...before
      .slice(head, head + both)
      .flatMap((entry, index) => fieldChanges(entry, after[head + index], nameOf, at(head + index))),
    ...left(before).map((entry, index) => ({ path: at(head + both + index), before: entry, after: undefined })),
    ...left(after).map((entry, index) => ({ path: at(head + both + index), before: undefined, after: entry })),
  ];
}

const own = (record: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(record, name) ? record[name] : undefined;

/** What things are called in sentences. */
interface Names {
  readonly nameOf: (node: Node) => string;
  readonly wholeNameOf: (node: Node) => string;
  readonly fieldOf: (node: Node, path: string) => string;
  readonly valueOf: (node: Node, path: string, value: unknown) => string | undefined;
}

const ownName = ({ key, title }: Node): string => (title ? quote(title) : key);

/** By what stands in the document alone. */
const ownNames: Names = {
  nameOf: ownName,
  wholeNameOf: (node) => `${ownName(node)}, a node ${node.type}`,
  fieldOf: (_, path) => path,
  valueOf: () => undefined,
};

/** The difference as a person would say it, a sentence each, in the order in which it matters; empty when there is none. `nameOf` says what a node is called, `wholeNameOf` the same with what it is, `fieldOf` what a field of it, `valueOf` a value in it; undefined as it is. */
export function diffWords(difference: WorkflowDiff, after: Workflow, names: Partial<Names> = {}): string[] {
  const { nameOf, wholeNameOf, fieldOf, valueOf } = { ...ownNames, ...names };
  const titles = new Map([...difference.removed, ...after.nodes].map((node) => [node.key, nameOf(node)]));
  const end = (text: string) => endWords(text, titles);
  const { added, removed, changed, edges, document, layout: isLayout } = difference;
  return [
    ...added.map((node) => `Added ${wholeNameOf(node)}.`),
    ...removed.map((node) => `Removed ${wholeNameOf(node)}.`),
    ...changed.flatMap((change) => {
      const node = after.nodes.find(({ key }) => key === change.key);
      const nameOfField = (path: string) => (node ? fieldOf(node, path) : path);
      const wordsOf: WordsOf = (path, value) => quoted(node && valueOf(node, path, value)) ?? valueWords(value);
      return changeWords(change, titles.get(change.key) ?? change.key, nameOfField, wordsOf);
    }),
    ...edges.added.map(({ from, to }) => `Connected ${end(from)} to ${end(to)}.`),
    ...edges.removed.map(({ from, to }) => `Disconnected ${end(from)} from ${end(to)}.`),
    ...edges.reorderedInto.map((key) => `Changed the order in which items come into ${end(key)}.`),
    ...document.map((field) => `The workflow: ${fieldWords(field)}.`),
    ...(isLayout ? ['Rearranged the canvas.'] : []),
  ];
}

/** An end of an edge by the name of its node; its port stands behind. */
function endWords(text: string, titles: ReadonlyMap<string, string>): string {
  const { key, port } = splitEnd(text);
  const name = titles.get(key);
  return name === undefined || name === key ? text : port ? `${name} (${port})` : name;
}

function changeWords(
  { key, renamedFrom, fields }: NodeChange,
  name: string,
  fieldOf: (path: string) => string,
  wordsOf: WordsOf,
): string[] {
  const renamed =
    renamedFrom === undefined ? [] : [`${name}: changed the name in expressions from ${renamedFrom} to ${key}.`];
  return [...renamed, ...fields.map((field) => `${name}: ${fieldWords(field, fieldOf(field.path), wordsOf)}.`)];
}

/** A value at a place in a sentence. */
type WordsOf = (path: string, value: unknown) => string;

const quoted = (word: string | undefined): string | undefined => (word === undefined ? undefined : quote(word));

function fieldWords(
  { path: place, before, after }: FieldChange,
  path = place,
  wordsOf: WordsOf = (_, value) => valueWords(value),
): string {
  const entry = place.endsWith(']') ? called(before ?? after) : undefined;
  if (entry !== undefined && before === undefined) return `${path}${entry} added`;
  if (entry !== undefined && after === undefined) return `${path}${entry} removed`;
  if (typeof after === 'boolean' && typeof (before ?? after) === 'boolean')
    return `${path} turned ${after ? 'on' : 'off'}`;
  // What is not set of the settings is off.
  if (before === true && after === undefined && place.startsWith('settings.')) return `${path} turned off`;
  if (before === undefined && isLong(after)) return `${path} written`;
  if (before === undefined) return `${path} set to ${wordsOf(place, after)}`;
  if (after === undefined) return `${path} removed (was ${wordsOf(place, before)})`;
  if (isLong(before) || isLong(after)) return `${path} rewritten`;
  return `${path} changed from ${wordsOf(place, before)} to ${wordsOf(place, after)}`;
}

const isLong = (value: unknown): boolean => typeof value === 'string' && (value.length > 80 || value.includes('\n'));

/** What an entry of a list is called, in brackets: a text as it is, an object by the field that names it. */
function called(entry: unknown): string {
  const names = isObject(entry)
    ? ['name', 'title', 'field', 'key', 'path', 'id'].map((name) => own(entry, name))
    : [entry];
  const name = names.find((one) => typeof one === 'number' || (typeof one === 'string' && one !== '' && !isLong(one)));
  return name === undefined ? '' : ` (${valueWords(name)})`;
}

const shortEnough = 60;

/** A value in a sentence: as it is where it is short, else how much of it there is. */
function valueWords(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (!isObject(value) && !Array.isArray(value)) return String(value);
  const text = JSON.stringify(value);
  if (text.length <= shortEnough) return plain(text);
  const [count, one] = Array.isArray(value) ? [value.length, 'entry'] : [Object.keys(value).length, 'field'];
  return `${count} ${count === 1 ? one : one.replace(/y$/, 'ie').concat('s')}`;
}
