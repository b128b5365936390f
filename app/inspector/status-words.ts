import type { StepStatus } from '../../flow/contract/step.ts';
import type { RunStatus } from '../../flow/contract/run.ts';
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

/** How a step stands, in a word. */
export const stepWords: Readonly<Record<StepStatus, string>> = {
  ...statusWords,
  skipped: 'Skipped',
  'in-doubt': 'In doubt',
};

/** How a step stands, as a mark. */
export const stepMarks: Readonly<Record<StepStatus, Mark>> = {
  ...statusMarks,
  skipped: 'skipped',
  'in-doubt': 'doubt',
};
