import type { Edge } from '../../flow/document/workflow.ts';

/** What is chosen on the canvas: nodes by key, edges by name, notes by id. */
export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly notes: ReadonlySet<string>;
}

/** Nothing chosen. */
export const nothing: Selection = { nodes: new Set(), edges: new Set(), notes: new Set() };

/** An edge's name among the edges: no two have both ends the same. */
export const edgeId = ({ from, to }: Edge): string => `${from}→${to}`;
