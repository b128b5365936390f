import type { Step } from './step.ts';

/** Whether a step left what can stand for its node as a pin does: items of the whole run, not of an iteration. */
export const wasLeft = ({ status, path, turns }: Pick<Step, 'status' | 'path' | 'turns'>): boolean =>
  status === 'finished' && path === '' && turns === undefined;
