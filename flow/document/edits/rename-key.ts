import { splitEnd } from '../ports.ts';
import type { Node, Workflow } from '../workflow.ts';
import type { Edit, EditOf } from './edit.ts';
import { noNode, placeOf, taken, withSection } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { renamedTexts } from './texts.ts';
import type { Rename } from './texts.ts';

/** Gives a node another key; whatever names the node follows. */
export function renameKey(document: Workflow, { key, to }: EditOf<'rename-key'>): Outcome {
  if (placeOf(document, key) < 0) return noNode(key);
  if (key === to) return { document, undo: { do: 'batch', edits: [] } };
  if (placeOf(document, to) >= 0) return taken('key', to);
  const rename = (name: string) => (name === key ? to : name);
  return { document: renamed(document, rename), undo: undoOf(document, key, to, rename) };
}

function renamed(document: Workflow, rename: Rename): Workflow {
  const { pins, groups, tests } = document;
  const bare = {
    ...document,
    nodes: document.nodes.map((node) => renamedNode(node, rename)),
    edges: document.edges.map(({ from, to }) => ({ from: renamedEnd(from, rename), to: renamedEnd(to, rename) })),
  };
  const grouped = groups
    ? withSection(
        bare,
        'groups',
        groups.map((group) => ({ ...group, nodes: group.nodes.map(rename) })),
      )
    : bare;
  const pinned = pins ? withSection(grouped, 'pins', renamedRecord(pins, rename)) : grouped;
  return tests
    ? withSection(
        pinned,
        'tests',
        tests.map((test) => renamedTest(test, rename)),
      )
    : pinned;
}

/** A node under its new key, with the references in its params following. The same object when nothing changes. */
export function renamedNode(node: Node, rename: Rename): Node {
  const key = rename(node.key);
  const params = node.params === undefined ? undefined : renamedTexts(node, node.params, rename);
  if (key === node.key && params === node.params) return node;
  return { ...node, key, ...(params === undefined ? {} : { params }) };
}

/** An end of an edge under its node's new key. */
export function renamedEnd(end: string, rename: Rename): string {
  const { key, port } = splitEnd(end);
  return port === undefined ? rename(key) : `${rename(key)}.${port}`;
}

const renamedRecord = <Value>(record: Readonly<Record<string, Value>>, rename: Rename): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), value]));

type Test = NonNullable<Workflow['tests']>[number];

const renamedTest = (test: Test, rename: Rename): Test => ({
  ...test,
  ...(test.start === undefined ? {} : { start: rename(test.start) }),
  ...(test.with === undefined ? {} : { with: renamedRecord(test.with, rename) }),
});

/**
 * Exactly what was there before. Renaming back would not do: an expression may have named the new key before any node had
 * it, and would then follow to the old one.
 */
function undoOf(document: Workflow, key: string, to: string, rename: Rename): Edit {
  const changed = document.nodes.filter((node) => renamedNode(node, rename) !== node);
  const { edges, groups = [], pins = {}, tests } = document;
  const pin = (name: string) => (Object.hasOwn(pins, name) ? pins[name] : undefined);
  return {
    do: 'batch',
    edits: [
      ...changed.map((node) => ({ do: 'replace-node' as const, key: rename(node.key), node })),
      { do: 'replace-edges', edges },
      ...groups.map((group) => ({ do: 'set-group' as const, group })),
      { do: 'set-pin', key: to, pinned: pin(to) },
      { do: 'set-pin', key, pinned: pin(key) },
      ...(tests ? [{ do: 'set-tests' as const, tests }] : []),
    ],
  };
}
