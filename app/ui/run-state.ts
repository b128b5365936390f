import type { Run, RunStatus } from '../../flow/contract/run.ts';
import type { MarkState } from './mark.tsx';

const marks: Record<RunStatus, MarkState> = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting',
  finished: 'ok',
  failed: 'failed',
  cancelled: 'skipped',
};
const words: Record<RunStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  finished: 'Finished',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** Whether a person must say what became of an effect. */
export const isInDoubt = ({ needs }: Pick<Run, 'needs'>): boolean => needs.some(({ kind }) => kind === 'in-doubt');

/** Whether somebody pressed Run to try it: such a run says nothing of how a workflow does. */
export const isByHand = ({ trigger, version }: Partial<Pick<Run, 'trigger' | 'version'>>): boolean =>
  trigger === 'manual' || version === null;

/** Whether a test call came for it, which is no press of a button. */
export const isTestCall = ({ trigger }: Partial<Pick<Run, 'trigger'>>): boolean => trigger === 'test-call';

/** The sign of a run's state. */
export const markOf = (run: Pick<Run, 'status' | 'needs'>): MarkState => (isInDoubt(run) ? 'doubt' : marks[run.status]);

/** The word for a run's state. */
export const wordOf = (run: Pick<Run, 'status' | 'needs'>): string => (isInDoubt(run) ? 'In doubt' : words[run.status]);

/** Whether it may still change by itself. */
export const isUnderWay = ({ status }: Pick<Run, 'status'>): boolean => status === 'queued' || status === 'running';

const triggers: Record<string, string> = {
  manual: 'By hand',
  'test-call': 'Test call',
  webhook: 'Webhook',
  schedule: 'Schedule',
  form: 'Form',
  chat: 'Chat',
  api: 'API',
  child: 'Workflow',
  workflow: 'Workflow',
  error: 'A failed run',
  retry: 'Retry',
  poll: 'Poll',
};

/** What started a run, in words; of a retry, which run it does again. */
export const triggerOf = ({ trigger, retryOf }: Pick<Run, 'trigger' | 'retryOf'>): string =>
  retryOf === undefined ? (triggers[trigger] ?? trigger) : retryWords(retryOf);

/** Says which run a retry does again. */
export const retryWords = (retryOf: string): string => `Retry of ${shortId(retryOf)}`;

/** Enough of an id to tell runs apart by eye. */
export const shortId = (id: string): string => id.replace(/^run_/, '').slice(-6);
