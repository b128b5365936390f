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
