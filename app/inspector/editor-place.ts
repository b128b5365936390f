import type { Run } from '../../flow/contract/run.ts';

/** Where the editor opens with a node chosen and the data of this run around it. */
export function editorPlace(run: Pick<Run, 'id' | 'workflow'>, node?: string): string {
  const search = new URLSearchParams({ run: run.id, ...(node === undefined ? {} : { node }) });
  return `/workflows/${run.workflow}?${search}`;
}
