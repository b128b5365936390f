import { canonical } from './canonical.ts';
import { sha256Hex } from './hashing.ts';
import type { Workflow } from './workflow.ts';

/**
 * SHA-256 (hex) of what a document means when it runs: its nodes, edges and settings, in the author's order. Layout, titles,
 * notes, groups, pins, tests, the name and what it is about do not count, nor does a field that is empty.
 */
export function fingerprint({ nodes, edges, settings }: Workflow): string {
  return sha256Hex(
    canonical({
      nodes: nodes.map(({ key, type, version, params, settings: own }) => ({
        key,
        type,
        version,
        params: filled(params),
        settings: filled(own),
      })),
      edges,
      settings: filled(settings),
    }),
  );
}

const filled = (record: object | undefined): object | undefined =>
  record === undefined || Object.keys(record).length === 0 ? undefined : record;

/**
 * SHA-256 (hex) of what publishing a document brings: what runs, and what is read at its nodes, their titles and notes. In which order nodes stand,
 * and edges to different inputs, follows from merging and brings nothing. The editor and the list of workflows ask this whether there is something
 * to publish, and nothing else.
 */
export function publishedPrint(document: Workflow): string {
  const nodes = document.nodes.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const edges = document.edges.toSorted((one, other) => (one.to === other.to ? 0 : one.to < other.to ? -1 : 1));
  const read = nodes.map(({ key, title, note }) => ({ key, title, note }));
  return sha256Hex(canonical({ means: fingerprint({ ...document, nodes, edges }), read }));
}
