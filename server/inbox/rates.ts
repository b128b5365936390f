import { Buckets } from '../http/buckets.ts';
import { tooMany } from '../http/too-many.ts';
import { Refusal } from '../http/refusal.ts';
import type { Trigger } from '../triggers/directory.ts';

/** Keeps floods out: so many calls a second of one trigger, and no new work for a workspace whose backlog is too long (E4), or that keeps too much. */
export interface Rates {
  /** Counts a call. Throws 429 with Retry-After when there are too many, the workspace has too much to do already, or the process has no moment. */
  take(trigger: Pick<Trigger, 'workspace' | 'workflow' | 'key'>): void;
  /** Throws 429 when the workspace's backlog is too long, 507 when it keeps as much as it may. */
  refuseBacklog(workspace: string): void;
}

/** 429 for a workflow of which no more may wait to start. */
export const queueFull = (): Refusal =>
  new Refusal(429, 'backlog', 'This workflow has more waiting to start than it may have.', {
    mend: 'Wait until some of it has started.',
    headers: { 'retry-after': '30' },
  });

/** `perSecond` calls of one trigger on average, twice as many at once. `isFull` tells of backlogs, `isHeld` of the event loop. */
export function openRates(options: {
  readonly perSecond: number;
  readonly isFull: (workspace: string) => boolean;
  /** Whether a workspace keeps as much as it may. */
  readonly isStoredFull?: (workspace: string) => boolean;
  /** Whether no more of a workflow may wait to start. */
  readonly isQueueFull?: (workspace: string, workflow: string) => boolean;
  /** Whether this process has no moment for what is new: its event loop is held again and again. */
  readonly isHeld?: () => boolean;
  readonly now?: () => number;
}): Rates {
  const { perSecond, isFull, isStoredFull = () => false, isQueueFull = () => false } = options;
  const { isHeld = () => false, now } = options;
  const buckets = new Buckets({ most: 2 * perSecond, perSecond, ...(now ? { now } : {}) });
  const refuseBacklog = (workspace: string) => {
    if (isFull(workspace))
      throw new Refusal(429, 'backlog', 'This workspace has more waiting to run than it may have.', {
        mend: 'Wait until some of it is done.',
        headers: { 'retry-after': '30' },
      });
    if (isStoredFull(workspace))
      throw new Refusal(507, 'storage-full', 'This workspace keeps as much as it may.', {
        mend: 'Wait until old runs are forgotten, or ask the operator to raise HEDDLE_WORKSPACE_STORAGE.',
        headers: { 'retry-after': '600' },
      });
  };
  return {
    refuseBacklog,
    take: ({ workspace, workflow, key }) => {
      if (isHeld()) throw tooMany(2);
      refuseBacklog(workspace);
      if (isQueueFull(workspace, workflow)) throw queueFull();
      const seconds = buckets.take(`${workflow}/${key}`);
      if (seconds > 0) throw tooMany(seconds);
    },
  };
}
