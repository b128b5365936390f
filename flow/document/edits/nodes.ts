import type { Node, Workflow } from '../workflow.ts';
import type { Edit, EditOf } from './edit.ts';
import { inserted, noNode, placeOf, taken, withField, withNode, withSection } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { together, touches, tracesOf } from './traces.ts';

export function addNode(document: Workflow, { node, index }: EditOf<'add-node'>): Outcome {
  if (placeOf(document, node.key) >= 0) return taken('key', node.key);
  return {
    document: { ...document, nodes: inserted(document.nodes, node, index) },
    undo: together([{ do: 'remove-node', key: node.key }, ...tracesOf(document, node.key)]),
  };
}

export function removeNode(document: Workflow, { key }: EditOf<'remove-node'>): Outcome {
  const index = placeOf(document, key);
  const node = document.nodes[index];
  if (!node) return noNode(key);
  const bare = {
    ...document,
    nodes: document.nodes.toSpliced(index, 1),
    edges: document.edges.filter((edge) => !touches(edge, key)),
  };
  const groups = document.groups?.map((group) =>
    group.nodes.includes(key) ? { ...group, nodes: group.nodes.filter((member) => member !== key) } : group,
  );
  const grouped = withSection(bare, 'groups', groups ?? []);
  return {
    document: withSection(grouped, 'pins', withField(document.pins ?? {}, key, undefined)),
    undo: together([{ do: 'add-node', node, index }, ...tracesOf(document, key)]),
  };
}

export function replaceNode(document: Workflow, { key, node }: EditOf<'replace-node'>): Outcome {
  const place = placeOf(document, key);
  const old = document.nodes[place];
  if (!old) return noNode(key);
  if (node.key !== key && placeOf(document, node.key) >= 0) return taken('key', node.key);
  return { document: withNode(document, place, node), undo: { do: 'replace-node', key: node.key, node: old } };
}

export const setTitle = (document: Workflow, { key, title }: EditOf<'set-title'>): Outcome =>
  setField(document, key, 'title', title, (old) => ({ do: 'set-title', key, ...present('title', old) }));

export const setParams = (document: Workflow, { key, params }: EditOf<'set-params'>): Outcome =>
  setField(document, key, 'params', params, (old) => ({ do: 'set-params', key, ...present('params', old) }));

export const setSettings = (document: Workflow, { key, settings }: EditOf<'set-settings'>): Outcome =>
  setField(document, key, 'settings', settings, (old) => ({ do: 'set-settings', key, ...present('settings', old) }));

export const setNodeNote = (document: Workflow, { key, note }: EditOf<'set-node-note'>): Outcome =>
  setField(document, key, 'note', note, (old) => ({ do: 'set-node-note', key, ...present('note', old) }));

function setField<Name extends 'title' | 'params' | 'settings' | 'note'>(
  document: Workflow,
  key: string,
  name: Name,
  value: Node[Name] | undefined,
  undo: (old: Node[Name]) => Edit,
): Outcome {
  const place = placeOf(document, key);
  const node = document.nodes[place];
  if (!node) return noNode(key);
  return { document: withNode(document, place, withField(node, name, value)), undo: undo(node[name]) };
}

/** A field of an edit that is there only when it says something. */
const present = <Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } =>
  // A computed name is typed as any string; it is this one.
  (value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value };

export function setPin(document: Workflow, { key, pinned }: EditOf<'set-pin'>): Outcome {
  const pins = document.pins ?? {};
  const old = Object.hasOwn(pins, key) ? pins[key] : undefined;
  return {
    document: withSection(document, 'pins', withField(pins, key, pinned)),
    undo: { do: 'set-pin', key, ...present('pinned', old) },
  };
}

export function move(document: Workflow, edit: EditOf<'move'>): Outcome {
  const nodes = new Map(edit.nodes?.map(({ key, at }) => [key, at]));
  const notes = new Map(edit.notes?.map(({ id, at }) => [id, at]));
  const known = new Set(document.nodes.map(({ key }) => key));
  const stranger = [...nodes.keys()].find((key) => !known.has(key));
  if (stranger !== undefined) return noNode(stranger);
  const moved = {
    ...document,
    nodes: document.nodes.map((node) => (nodes.has(node.key) ? withField(node, 'at', nodes.get(node.key)) : node)),
  };
  const undo: Edit = {
    do: 'move',
    nodes: document.nodes.filter(({ key }) => nodes.has(key)).map(({ key, at }) => ({ key, ...present('at', at) })),
    notes: (document.notes ?? []).filter(({ id }) => notes.has(id)).map(({ id, at }) => ({ id, ...present('at', at) })),
  };
  if (!document.notes) return { document: moved, undo };
  const placed = document.notes.map((note) => (notes.has(note.id) ? withField(note, 'at', notes.get(note.id)) : note));
  return { document: { ...moved, notes: placed }, undo };
}
