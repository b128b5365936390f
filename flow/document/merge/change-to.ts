import { apply } from '../edits/apply.ts';
import type { Edit } from '../edits/edit.ts';
import { together } from '../edits/traces.ts';
import type { Workflow } from '../workflow.ts';
import { same } from './values.ts';

/** The edit that makes one document of another; undefined when they are the same. The order of nodes, notes and groups is left as it is. */
export function changeTo(from: Workflow, to: Workflow): Edit | undefined {
  const nodes = nodeEdits(from, to);
  const after = nodes.reduce(carried, from);
  const marks = [...markEdits(after, to, 'notes'), ...markEdits(after, to, 'groups')];
  const edits: Edit[] = [
    ...nodes,
    ...(same(after.edges, to.edges) ? [] : [{ do: 'replace-edges' as const, edges: to.edges }]),
    ...marks,
    ...pinEdits(after, to),
    ...ownEdits(after, to),
  ];
  return edits.length === 0 ? undefined : together(edits);
}

function carried(document: Workflow, edit: Edit): Workflow {
  const outcome = apply(document, edit);
  return 'refused' in outcome ? document : outcome.document;
}

function nodeEdits(from: Workflow, to: Workflow): Edit[] {
  const [old, now] = [from, to].map(({ nodes }) => new Map(nodes.map((node) => [node.key, node])));
  return [
    ...from.nodes.filter(({ key }) => !now?.has(key)).map(({ key }): Edit => ({ do: 'remove-node', key })),
    ...to.nodes.flatMap((node, index): Edit[] => {
      const was = old?.get(node.key);
      if (!was) return [{ do: 'add-node', node, index }];
      return same(was, node) ? [] : [{ do: 'replace-node', key: node.key, node }];
    }),
  ];
}

function markEdits(from: Workflow, to: Workflow, name: 'notes' | 'groups'): Edit[] {
  const [old, now] = [from, to].map((document) => new Map((document[name] ?? []).map((mark) => [mark.id, mark])));
  const gone = [...(old?.keys() ?? [])].filter((id) => !now?.has(id));
  const add = (mark: unknown): Edit =>
    (name === 'notes' ? { do: 'add-note', note: mark } : { do: 'add-group', group: mark }) as Edit;
  const set = (mark: unknown): Edit =>
    (name === 'notes' ? { do: 'set-note', note: mark } : { do: 'set-group', group: mark }) as Edit;
  return [
    ...gone.map((id): Edit => ({ do: name === 'notes' ? 'remove-note' : 'remove-group', id })),
    ...[...(now ?? [])].flatMap(([id, mark]) => {
      const was = old?.get(id);
      if (!was) return [add(mark)];
      return same(was, mark) ? [] : [set(mark)];
    }),
  ];
}

function pinEdits({ pins: old = {} }: Workflow, { pins: now = {} }: Workflow): Edit[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys.flatMap((key): Edit[] => {
    const [was, is] = [old, now].map((pins) => (Object.hasOwn(pins, key) ? pins[key] : undefined));
    return same(was, is) ? [] : [{ do: 'set-pin', key, ...(is === undefined ? {} : { pinned: is }) }];
  });
}

const ownEdits = (old: Workflow, now: Workflow): Edit[] => [
  ...(old.name === now.name ? [] : [{ do: 'set-name' as const, name: now.name }]),
  ...(same(old.about, now.about) ? [] : [{ do: 'set-about' as const, ...(now.about ? { about: now.about } : {}) }]),
  ...(same(old.tests, now.tests) ? [] : [{ do: 'set-tests' as const, ...(now.tests ? { tests: now.tests } : {}) }]),
  ...(same(old.settings, now.settings)
    ? []
    : [{ do: 'set-workflow-settings' as const, ...(now.settings ? { settings: now.settings } : {}) }]),
];
