import '../edits/rename-texts.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { someWorkflow } from '../../testing/documents.ts';
import { edited } from '../../testing/edited.ts';
import { someEdit } from '../../testing/edits.ts';
import { canonical } from '../canonical.ts';
import type { Edit } from '../edits/edit.ts';
import type { Workflow } from '../workflow.ts';
import { changeTo } from './change-to.ts';
import { merge } from './merge.ts';
import type { Merged } from './merge.ts';

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
      const [ours, theirs] = [edited(base, mine), edited(base, yours)];
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
      const changed = edited(base, edits);
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
      const three = { base, ours: edited(base, mine), theirs: edited(base, yours) };
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
      const goal = edited(base, edits);
      const edit = changeTo(base, goal);
      const there = edit ? edited(base, [edit]) : base;
      expect(things(there)).toEqual(things(goal));
      expect(there.nodes.map(({ at }) => at)).toEqual(expect.arrayContaining(goal.nodes.map(({ at }) => at)));
      expect(there.edges).toEqual(goal.edges);
    }),
    { numRuns: 200 },
  );
});
