import type { Run } from '../../flow/contract/run.ts';

/** Whether nothing more will happen in a run by itself or by a person. */
export const isOver = ({ status }: Pick<Run, 'status'>): boolean =>
  status === 'finished' || status === 'failed' || status === 'cancelled';
