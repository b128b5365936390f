import '../edits/rename-texts.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { draw } from '../../testing/draw.ts';
import { someWorkflow } from '../../testing/documents.ts';
import { someEdit } from '../../testing/edits.ts';
import { canonical } from '../canonical.ts';
import { apply } from '../edits/apply.ts';
import type { Edit } from '../edits/edit.ts';
import type { Workflow } from '../workflow.ts';
import { changeTo } from './change-to.ts';
import { merge } from './merge.ts';
import type { Merged } from './merge.ts';

const after = (start: Workflow, edits: readonly Edit[]): Workflow =>
  edits.reduce((document, edit) => {
    const outcome = apply(document, edit);
    return 'refused' in outcome ? document : outcome.document;
  }, start);

/** Everything that can be lost, one thing each: fields down to their innermost value, edges, pins. Where things stand is told apart. */
function things(document: Workflow): Map<string, string> {
  const found = new Map<string, string>();
  const leaves = (value: unknown, name: string) => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0 || Array.isArray(value))
      found.set(name, canonical(value));
    else for (const [key, inner] of Object.entries(value)) leaves(inner, `${name}.${key}`);
  };
  for (const { at: _at, key, ...node } of document.nodes) leaves(node, `node ${key}`);
  for (const { from, to } of document.edges) found.set(`edge ${from} ${to}`, 'there');
  for (const { at: _at, id, ...note } of document.notes ?? []) leaves(note, `note ${id}`);
  for (const { id, nodes, ...group } of document.groups ?? []) {
    leaves(group, `group ${id}`);
    for (const key of nodes) found.set(`in ${id} ${key}`, 'there');
  }
  for (const [key, pin] of Object.entries(document.pins ?? {})) found.set(`pin ${key}`, canonical(pin));
  for (const name of ['name', 'about', 'settings', 'tests'] as const) leaves(document[name] ?? 'none', `own ${name}`);
  return found;
}

/** What a clash speaks of, as the words of `things` name it: a node speaks for its edges, pin and groups too. */
function speaksOf({ clashes }: Merged, name: string): boolean {
  const [kind = '', id = '', to = ''] = name.split(' ');
  const keys = kind === 'edge' ? [id, to].map((end) => end.split('.')[0]) : [kind === 'in' ? to : id.split('.')[0]];
  return clashes.some(
    (clash) =>
      (clash.node !== undefined && keys.includes(clash.node)) ||
      (kind === 'edge' && clash.id === 'edges') ||
      ((kind === 'note' || kind === 'group') && clash.id.startsWith(`${kind}s:${id.split('.')[0]}`)) ||
      (kind === 'in' && clash.id.startsWith(`groups:${id}`)) ||
      (kind === 'own' && clash.id.startsWith(`workflow.${id.split('.')[0]}`)),
  );
}

const isRename = (edit: Edit): boolean =>
  edit.do === 'rename-key' || edit.do === 'paste' || (edit.do === 'batch' && edit.edits.some(isRename));

// Of names that both took, and of keys that were renamed, single cases tell below: here each thing keeps its name.
const someEdits = fc.array(
  someEdit.filter((edit) => !isRename(edit)),
  { maxLength: 8 },
);
const news = (one: Workflow, base: Workflow) => {
  const old = new Set(names(base));
  return names(one).filter((name) => !old.has(name));
};
const names = ({ nodes, notes = [], groups = [] }: Workflow) => [
  ...nodes.map(({ key }) => `node ${key}`),
  ...[...notes, ...groups].map(({ id }) => `mark ${id}`),
];

test('of what two people do to one document, nothing is lost silently: it is in the result or it is a clash', () => {
  let [changed, clashed] = [0, 0];
  fc.assert(
    fc.property(someWorkflow, someEdits, someEdits, (base, mine, yours) => {
      const [ours, theirs] = [after(base, mine), after(base, yours)];
      const taken = new Set(news(theirs, base));
      fc.pre(!news(ours, base).some((name) => taken.has(name)));
      const merged = merge({ base, ours, theirs });
      const [old, result] = [things(base), things(merged.document)];
      for (const side of [things(ours), things(theirs)])
        for (const name of new Set([...old.keys(), ...side.keys()])) {
          if (old.get(name) === side.get(name)) continue;
          changed++;
          if (speaksOf(merged, name)) clashed++;
          // An edge that leads nowhere ends with its node, as does what was pinned there.
          else if (
            !isKept(result, name, side.get(name)) &&
            !isGoneWithItsNode(name, merged.document, base, ours, theirs)
          )
            expect.fail(`${name} was ${old.get(name)}, became ${side.get(name)}, and is ${result.get(name)}`);
        }
    }),
    { numRuns: 600 },
  );
  expect(changed).toBeGreaterThan(1_000);
  expect(clashed).toBeGreaterThan(20);
});

/** What one side left empty and the other filled is there, as one can see by what is in it. */
function isKept(result: Map<string, string>, name: string, value: string | undefined): boolean {
  if (result.get(name) === value) return true;
  return value === '{}' && [...result.keys()].some((inner) => inner.startsWith(`${name}.`));
}

function isGoneWithItsNode(name: string, result: Workflow, ...before: Workflow[]): boolean {
  const [kind = '', first = '', second = ''] = name.split(' ');
  const keys = kind === 'edge' ? [first, second].map((end) => end.split('.')[0]) : kind === 'in' ? [second] : [first];
  const known = new Set(before.flatMap(({ nodes }) => nodes.map(({ key }) => key)));
  const there = new Set(result.nodes.map(({ key }) => key));
  return ['edge', 'pin', 'in'].includes(kind) && keys.some((key = '') => known.has(key) && !there.has(key));
}

test('who is alone gets just what they did, and two who did the same do not clash', () => {
  fc.assert(
    fc.property(someWorkflow, fc.array(someEdit, { maxLength: 8 }), (base, edits) => {
      const changed = after(base, edits);
      for (const three of [
        { base, ours: changed, theirs: base },
        { base, ours: base, theirs: changed },
        { base, ours: changed, theirs: changed },
      ]) {
        const merged = merge(three);
        expect(merged.clashes).toEqual([]);
        expect(things(merged.document)).toEqual(things(changed));
      }
    }),
    { numRuns: 200 },
  );
});

test('what was decided holds, for each clash by itself, and nothing stays open', () => {
  fc.assert(
    fc.property(someWorkflow, someEdits, someEdits, (base, mine, yours) => {
      const three = { base, ours: after(base, mine), theirs: after(base, yours) };
      const { open } = merge(three);
      for (const side of ['ours', 'theirs'] as const) {
        const settled = merge(three, Object.fromEntries(open.map(({ id }) => [id, side])));
        expect(settled.open).toEqual([]);
      }
    }),
    { numRuns: 200 },
  );
});

test('the edit from one document to another leads there, whatever the two are', () => {
  fc.assert(
    fc.property(someWorkflow, fc.array(someEdit, { maxLength: 8 }), (base, edits) => {
      const goal = after(base, edits);
      const edit = changeTo(base, goal);
      const there = edit ? after(base, [edit]) : base;
      expect(things(there)).toEqual(things(goal));
      expect(there.nodes.map(({ at }) => at)).toEqual(expect.arrayContaining(goal.nodes.map(({ at }) => at)));
      expect(there.edges).toEqual(goal.edges);
    }),
    { numRuns: 200 },
  );
});

const base = draw('hook:start.webhook -> price', { price: { params: { url: 'a', method: 'GET' } } });
const params = (key: string, value: Record<string, unknown>): Edit => ({ do: 'set-params', key, params: value });

test('two fields of one node are both kept; one field that both wrote is a clash with both sides', () => {
  const ours = after(base, [params('price', { url: 'b', method: 'GET' })]);
  const theirs = after(base, [params('price', { url: 'c', method: 'PUT' })]);
  const { document, open } = merge({ base, ours, theirs });
  expect(open).toEqual([
    { id: 'node:price.params.url', node: 'price', path: ['params', 'url'], ours: 'b', theirs: 'c' },
  ]);
  expect(document.nodes[1]?.params).toEqual({ url: 'c', method: 'PUT' });
  const settled = merge({ base, ours, theirs }, { 'node:price.params.url': 'ours' });
  expect(settled.document.nodes[1]?.params).toEqual({ url: 'b', method: 'PUT' });
});

test('a node that one took away and the other wired on is asked for; whoever wins, no edge hangs in the air', () => {
  const ours = after(base, [
    { do: 'add-node', node: { key: 'tell', type: 'test.effect' } },
    { do: 'connect', edge: { from: 'price', to: 'tell' } },
  ]);
  const theirs = after(base, [{ do: 'remove-node', key: 'price' }]);
  const { document, open } = merge({ base, ours, theirs });
  expect(open).toMatchObject([{ id: 'node:price', path: [], theirs: undefined }]);
  expect([document.nodes.map(({ key }) => key), document.edges]).toEqual([['hook', 'tell'], []]);
  const kept = merge({ base, ours, theirs }, { 'node:price': 'ours' }).document;
  expect(kept.edges).toEqual(ours.edges);
});

test('two people who each add a node of one kind keep both: ours takes a fresh key, with what refers to it', () => {
  const add = (title: string, from: string): Edit[] => [
    { do: 'add-node', node: { key: 'set', type: 'data.set', title } },
    { do: 'add-node', node: { key: from, type: 'test.effect', params: { text: "{{ $('set').item.id }}" } } },
    { do: 'connect', edge: { from: 'price', to: 'set' } },
  ];
  const ours = after(base, add('Mine', 'my_end'));
  const theirs = after(base, add('Theirs', 'your_end'));
  const { document, clashes } = merge({ base, ours, theirs });
  expect(clashes).toEqual([]);
  const by = new Map(document.nodes.map((node) => [node.key, node]));
  expect([by.get('set')?.title, by.get('set_2')?.title]).toEqual(['Theirs', 'Mine']);
  expect(by.get('my_end')?.params).toEqual({ text: "{{ $('set_2').item.id }}" });
  expect(by.get('your_end')?.params).toEqual({ text: "{{ $('set').item.id }}" });
  expect(document.edges).toContainEqual({ from: 'price', to: 'set_2' });
});

test('a key that one renamed is renamed in what the other wrote meanwhile', () => {
  const ours = after(base, [{ do: 'rename-key', key: 'price', to: 'cost' }]);
  const theirs = after(base, [
    params('price', { url: 'c', method: 'GET' }),
    { do: 'add-node', node: { key: 'tell', type: 'test.effect', params: { text: "{{ $('price').item.id }}" } } },
  ]);
  for (const three of [
    { base, ours, theirs },
    { base, ours: theirs, theirs: ours },
  ]) {
    const { document, clashes } = merge(three);
    expect(clashes).toEqual([]);
    expect(document.nodes).toMatchObject([{ key: 'hook' }, { key: 'cost', params: { url: 'c' } }, { key: 'tell' }]);
    expect(document.nodes[2]?.params).toEqual({ text: "{{ $('cost').item.id }}" });
    expect(document.edges).toEqual([{ from: 'hook', to: 'cost' }]);
  }
});

test('the pin of a node that one took away is not asked for a second time once the node stays', () => {
  const pinned = after(base, [{ do: 'set-pin', key: 'price', pinned: [1] }]);
  const three = {
    base: pinned,
    ours: after(pinned, [{ do: 'set-pin', key: 'price', pinned: [2] }]),
    theirs: after(pinned, [{ do: 'remove-node', key: 'price' }]),
  };
  const settled = merge(three, { 'node:price': 'ours' });
  expect(settled.open).toEqual([]);
  expect(settled.document.pins).toEqual({ price: [2] });
});

test('a group that one took away while the other put a node into it is asked for', () => {
  const grouped = after(base, [{ do: 'add-group', group: { id: 'g', title: 'Prices', nodes: ['hook'] } }]);
  const three = {
    base: grouped,
    ours: after(grouped, [{ do: 'set-group', group: { id: 'g', title: 'Prices', nodes: ['hook', 'price'] } }]),
    theirs: after(grouped, [{ do: 'remove-group', id: 'g' }]),
  };
  expect(merge(three).open).toMatchObject([{ id: 'groups:g', theirs: undefined }]);
  expect(merge(three, { 'groups:g': 'ours' }).document.groups).toEqual(three.ours.groups);
  expect(merge({ ...three, ours: after(grouped, [{ do: 'remove-node', key: 'hook' }]) }).clashes).toEqual([]);
});

test('a null that one wrote is not taken for nothing', () => {
  const ours = after(base, [params('price', { url: 'a', method: 'GET', note: null })]);
  const theirs = after(base, [params('price', { url: 'a', method: 'PUT' })]);
  expect(merge({ base, ours, theirs }).document.nodes[1]?.params).toEqual({ url: 'a', method: 'PUT', note: null });
});

test('settings of two kinds are not mixed into one that nobody chose', () => {
  const auth = (value: object): Edit => params('price', { auth: value });
  const ours = after(base, [auth({ kind: 'basic', credential: 'mine' })]);
  const theirs = after(base, [auth({ kind: 'hmac', prefix: 'v1=' })]);
  const three = { base: after(base, [auth({ kind: 'none' })]), ours, theirs };
  expect(merge(three).document.nodes[1]?.params).toEqual({ auth: { kind: 'hmac', prefix: 'v1=' } });
  expect(merge(three).open).toMatchObject([{ path: ['params', 'auth'], ours: { credential: 'mine' } }]);
});
