import { keptRoom } from '../forms/kept.ts';
import type { KeptRoom } from '../forms/kept.ts';

/** What was typed into the forms of nodes and cannot be stored, by workflow and node. It is there for as long as the page is. */
const workflows = new Map<string, Map<string, KeptRoom>>();

/** What is kept at the nodes of a workflow, by their keys. */
export const keptIn = (workflow: string): ReadonlyMap<string, KeptRoom> => workflows.get(workflow) ?? new Map();

/** Where the form of a node keeps it. */
export function keptAt(workflow: string, key: string): KeptRoom {
  const nodes = workflows.get(workflow) ?? new Map<string, KeptRoom>();
  const room = nodes.get(key) ?? keptRoom();
  workflows.set(workflow, nodes.set(key, room));
  return room;
}

/** A node has another key. */
export function moveKept(workflow: string, key: string, to: string): void {
  const nodes = workflows.get(workflow);
  const room = nodes?.get(key);
  if (!nodes || !room) return;
  nodes.delete(key);
  nodes.set(to, room);
}

/** A new node begins with nothing, whatever had its key before. */
export const forgetKept = (workflow: string, key: string): void => void workflows.get(workflow)?.delete(key);
