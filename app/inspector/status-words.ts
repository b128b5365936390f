import type { StepStatus } from '../../flow/contract/step.ts';
import type { RunStatus } from '../../flow/contract/run.ts';
import type { RunStep } from '../api/run-shapes.ts';
import type { Mark } from '../graph/picture.ts';

/** How a run stands, in a word. */
export const statusWords: Readonly<Record<RunStatus, string>> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  finished: 'Finished',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** How a run stands, as a mark. */
export const statusMarks: Readonly<Record<RunStatus, Mark>> = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting',
  finished: 'ok',
  failed: 'failed',
  cancelled: 'skipped',
};

const stepWords: Readonly<Record<StepStatus, string>> = {
  ...statusWords,
  skipped: 'Skipped',
  'in-doubt': 'In doubt',
};

const stepMarks: Readonly<Record<StepStatus, Mark>> = {
  ...statusMarks,
  skipped: 'skipped',
  'in-doubt': 'doubt',
};

type Standing = Pick<RunStep, 'status' | 'failed'>;

/**
 * How many of a step's items failed though it finished. A node that goes on without what failed has a step for each iteration: no step that stands
 * for several has any.
 */
export const failedOf = ({ status, failed = 0 }: Standing): number => (status === 'finished' ? failed : 0);

/** Whether it finished though items of it failed. */
export const isErred = (step: Standing): boolean => failedOf(step) > 0;

/** How a step stands, in a word. */
export const stepWord = (step: Standing): string => (isErred(step) ? 'Finished with errors' : stepWords[step.status]);

/** How a step stands, as a mark. */
export const stepMark = (step: Standing): Mark => (isErred(step) ? 'erred' : stepMarks[step.status]);
