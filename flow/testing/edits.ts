import fc from 'fast-check';
import type { Edit, SingleEdit } from '../document/edits/edit.ts';
import { anyJson, someEdge, someGroup, someKey, someNode, someNote, somePin } from './documents.ts';

const place = fc.nat({ max: 9 });
const point = fc.tuple(place, place);

/** Generators by kind of edit; a kind without one is a type error. */
const kinds: { readonly [Do in SingleEdit['do']]: fc.Arbitrary<Omit<Extract<SingleEdit, { do: Do }>, 'do'>> } = {
  'add-node': fc.record({ node: someNode, index: place }, { requiredKeys: ['node'] }),
  'remove-node': fc.record({ key: someKey }),
  'rename-key': fc.record({ key: someKey, to: someKey }),
  'replace-node': fc.record({ key: someKey, node: someNode }),
  'set-title': fc.record({ key: someKey, title: fc.string() }, { requiredKeys: ['key'] }),
  'set-params': fc.record({ key: someKey, params: fc.dictionary(fc.string(), anyJson) }, { requiredKeys: ['key'] }),
  'set-settings': fc.record({ key: someKey, settings: fc.constant({ disabled: true }) }, { requiredKeys: ['key'] }),
  'set-node-note': fc.record({ key: someKey, note: fc.string() }, { requiredKeys: ['key'] }),
  move: fc.record({
    nodes: fc.array(fc.record({ key: someKey, at: point }, { requiredKeys: ['key'] }), { maxLength: 2 }),
    notes: fc.array(fc.record({ id: fc.constantFrom('n1', 'n2'), at: point }), { maxLength: 2 }),
  }),
  connect: fc.record({ edge: someEdge, index: place }, { requiredKeys: ['edge'] }),
  disconnect: fc.record({ edge: someEdge }),
  'replace-edges': fc.record({ edges: fc.array(someEdge) }),
  'insert-on-edge': fc.record({ edge: someEdge, node: someNode }),
  'reorder-edges': fc.record({ from: place, to: place }),
  'add-note': fc.record({ note: someNote, index: place }),
  'set-note': fc.record({ note: someNote }),
  'remove-note': fc.record({ id: fc.constantFrom('n1', 'n2', 'n3') }),
  'add-group': fc.record({ group: someGroup, index: place }),
  'set-group': fc.record({ group: someGroup }),
  'remove-group': fc.record({ id: fc.constantFrom('g1', 'g2', 'g3') }),
  'set-pin': fc.record({ key: someKey, pinned: somePin }, { requiredKeys: ['key'] }),
  'set-name': fc.record({ name: fc.string({ minLength: 1 }) }),
  'set-about': fc.record({ about: fc.constant({ title: 'About' }) }, { requiredKeys: [] }),
  'set-tests': fc.record({ tests: fc.constant([{ name: 'one' }]) }, { requiredKeys: [] }),
  'set-workflow-settings': fc.record({ settings: fc.constant({ timezone: 'UTC' }) }, { requiredKeys: [] }),
  paste: fc
    .record({
      nodes: fc.uniqueArray(someNode, { selector: ({ key }) => key, maxLength: 4 }),
      by: point,
      picks: fc.array(fc.tuple(place, place)),
    })
    .map(({ nodes, by, picks }) => ({
      nodes,
      by,
      edges: picks.flatMap(([from, to]) => {
        const ends = [nodes[from], nodes[to]];
        return ends[0] && ends[1] ? [{ from: ends[0].key, to: ends[1].key }] : [];
      }),
      notes: [{ id: 'n1', text: 'pasted' }],
      groups: [{ id: 'g1', title: 'pasted', nodes: nodes.map(({ key }) => key) }],
    })),
};

const single = fc.oneof(
  ...Object.entries(kinds).map(([name, rest]) =>
    // The table above pairs each name with its fields.
    (rest as fc.Arbitrary<object>).map((fields) => ({ do: name, ...fields }) as SingleEdit),
  ),
);

/** Any edit, batches of edits included; many of them do not fit the document they meet, and are refused. */
export const someEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 9, arbitrary: single },
  { weight: 1, arbitrary: fc.array(single, { maxLength: 3 }).map((edits) => ({ do: 'batch' as const, edits })) },
);
