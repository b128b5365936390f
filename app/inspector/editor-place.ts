import type { WholeRun } from '../api/run-shapes.ts';

/** Where the editor opens with a node chosen and the data of this run around it. */
export function editorPlace(run: Pick<WholeRun, 'id' | 'workflow'>, node?: string): string {
  const search = new URLSearchParams({ run: run.id, ...(node === undefined ? {} : { node }) });
  return `/workflows/${run.workflow}?${search}`;
}
