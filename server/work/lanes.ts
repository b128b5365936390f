import { EventEmitter } from 'node:events';
import { Logger, run } from 'graphile-worker';
import type { Runner, TaskList, WorkerEvents } from 'graphile-worker';
import type pg from 'pg';
import * as z from 'zod';
import { lane } from '../../flow/document/workflow.ts';
import type { Lane } from '../../flow/document/workflow.ts';

/** What a wake-up names: nothing but ids, parsed where it is consumed. */
export const wakeUp = z.object({
  run: z.string(),
  stage: z.string(),
  path: z.string(),
  workspace: z.string().optional(),
});
export type WakeUp = z.infer<typeof wakeUp>;

const ofRun = z.object({ run: z.string() });

export interface LanesOptions {
  readonly pool: pg.Pool;
  /** How many jobs of each lane at once. */
  readonly concurrency: number;
  /** Carries a woken stage out; never throws for what concerns the run. */
  readonly take: (lane: Lane, wake: WakeUp) => Promise<unknown>;
  /** A child of that run has ended. */
  readonly deliver: (run: string) => Promise<unknown>;
  /** The time of that run is up. */
  readonly timeOut: (run: string) => Promise<unknown>;
  readonly onBroken: (error: unknown, doing: string) => void;
  /** The queue stopped by itself: the process must end, so that a supervisor starts it anew (SAFETY G6, G7). */
  readonly onStopped: (error: unknown) => void;
}

/** The lanes of this process, one graphile-worker runner each, so that a backlog in one never starves another. */
export interface Lanes {
  /** What `force_unlock_workers` wants to hear when this process has died (SAFETY G2). */
  readonly poolIds: readonly string[];
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
}

export async function openLanes(options: LanesOptions): Promise<Lanes> {
  const poolIds: string[] = [];
  const runners: Runner[] = [];
  let isStopping = false;
  for (const name of lane.options) runners.push(await openLane(name, options, poolIds));
  for (const runner of runners)
    runner.promise.then(
      () => isStopping || options.onStopped(new Error('a lane stopped by itself')),
      (error: unknown) => isStopping || options.onStopped(error),
    );
  return {
    poolIds,
    stop: async () => {
      isStopping = true;
      await Promise.all(
        runners.map((runner) => runner.stop().catch((error: unknown) => options.onBroken(error, 'stopping a lane'))),
      );
    },
  };
}

async function openLane(name: Lane, options: LanesOptions, poolIds: string[]): Promise<Runner> {
  const taskList: TaskList = {
    [`stage.${name}`]: guarded(options, async (payload) => options.take(name, wakeUp.parse(payload))),
    // Parents that wait for children are served in the lane where callers wait.
    ...(name === 'realtime'
      ? {
          deliver: guarded(options, async (payload) => options.deliver(ofRun.parse(payload).run)),
          timeout: guarded(options, async (payload) => options.timeOut(ofRun.parse(payload).run)),
        }
      : {}),
  };
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => poolIds.push(workerPool.id));
  return run({
    pgPool: options.pool,
    concurrency: options.concurrency,
    // NOTIFY wakes the lanes at once; polling is what remains when the listener's connection is gone.
    pollInterval: 1_000,
    noHandleSignals: true,
    parsedCronItems: [],
    // Its lines carry whole jobs (SAFETY G29); what matters of them comes through the events and our own claims.
    logger: new Logger(() => () => undefined),
    taskList,
    events,
  });
}

/** A job is only a wake-up: whatever happens, it is done; the claim and the sweeper see to the rest (SAFETY G4, G5). */
const guarded = (options: LanesOptions, work: (payload: unknown) => Promise<unknown>) => async (payload: unknown) => {
  try {
    await work(payload);
  } catch (error) {
    options.onBroken(error, 'a wake-up');
  }
};
