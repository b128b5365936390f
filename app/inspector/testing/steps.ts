import type { RunStep } from '../../api/run-shapes.ts';

/** A step of a run as tests want it: one that finished and carried nothing, named by its node, its path and its attempt, unless said otherwise. */
export const stepOf = (key: string, more: Partial<RunStep> = {}): RunStep => ({
  id: `${key}${more.path ?? ''}${(more.attempt ?? 1) > 1 ? `#${more.attempt}` : ''}`,
  key,
  type: 'connect.http-request',
  path: '',
  attempt: 1,
  status: 'finished',
  startedAt: null,
  finishedAt: null,
  input: {},
  output: {},
  logs: [],
  ...more,
});
