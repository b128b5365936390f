import { chain, named } from '../../bench/scenarios.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';

/** Nodes by their keys, in order. */
export type Line = Readonly<Record<string, Omit<Node, 'key'>>>;

/** A workflow whose nodes stand one after the other. */
export const line = (name: string, nodes: Line): Workflow =>
  named(
    name,
    Object.entries(nodes).map(([key, node]) => ({ key, ...node })),
    chain(...Object.keys(nodes)),
  );
