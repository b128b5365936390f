import type { Sql } from 'postgres';
import type { Fact } from '../flow/facts/fact.ts';
import type { Actor } from './engine/actor.ts';
import type { BlobStore } from './journal/blobs.ts';
import type { Engine } from './engine/engine.ts';
import type { Ledger } from './journal/ledger.ts';
import type { Outcomes } from './engine/outcomes.ts';
import { openBeat } from './work/beat.ts';
import { openAdmission } from './inbox/admission.ts';
import type { Admission } from './inbox/admission.ts';
import { openAnnex } from './hooks/annex.ts';
import type { ServeRaw } from './hooks/annex.ts';
import { openBacklog } from './inbox/backlog.ts';
import type { Backlog } from './inbox/backlog.ts';
import { openQueueRoom } from './inbox/queue-room.ts';
import type { QueueMost, QueueRoom } from './inbox/queue-room.ts';
import { Directory } from './triggers/directory.ts';
import type { ReadPublished } from './triggers/directory.ts';
import { failureIn, sweepFailures, tellOfFailure } from './inbox/failures.ts';
import { formServer } from './hooks/forms.ts';
import type { FindSecret } from './hooks/check-caller.ts';
import type { HeadCleanerOf } from './hooks/clean-head.ts';
import { hookServer } from './hooks/serve-hook.ts';
import type { HookServer } from './hooks/serve-hook.ts';
import { resumeServer } from './hooks/resume.ts';
import type { OwnCalls } from './engine/own-calls.ts';
import type { RedactorOf } from './powers/known-secrets.ts';
import { bodyCaps } from './http/body/read-body.ts';
import type { SentFrom } from './http/sent-from.ts';
import { loopHolds } from './http/loop-metric.ts';
import { openRates } from './inbox/rates.ts';
import type { Rates } from './inbox/rates.ts';
import type { WaitingCallers } from './inbox/waiting-callers.ts';
import { fireDue, mendSchedules, Watch } from './schedules/schedule.ts';
import { testCallServer } from './hooks/serve-test-call.ts';
import type { TestCallServer } from './hooks/serve-test-call.ts';
import { testFormServer } from './hooks/serve-test-form.ts';
import { openStored } from './inbox/stored.ts';
import type { Stored } from './inbox/stored.ts';
import { tidyTriggers } from './inbox/tidy.ts';

export interface TriggersOptions {
  /** The engine's pool: triggers of all workspaces. */
  readonly sql: Sql;
  readonly engine: Engine;
  readonly ledger: Ledger & { readonly blobs: BlobStore };
  readonly outcomes: Outcomes;
  readonly callers: WaitingCallers;
  readonly readPublished: ReadPublished;
  readonly findSecret: FindSecret;
  readonly headCleaner: HeadCleanerOf;
  readonly redactorOf: RedactorOf;
  readonly ownCalls: OwnCalls;
  /** Cancels a run that gives way to a newer one. */
  readonly cancel: (run: string) => Promise<void>;
  readonly log: { error(fields: object, sentence: string): void; warn(fields: object, sentence: string): void };
  readonly onBroken: (error: unknown, doing: string) => void;
  /** Whether this process fires schedules and moves on what waits; one that only serves the web leaves that to workers. */
  readonly works: boolean;
  /** Whether it is known what time it is (`DatabaseClock`). */
  readonly isTimeKnown?: () => boolean;
  /** The most that one call may send, in bytes. */
  readonly bodyMost: number;
  readonly sentFrom: SentFrom;
  /** Calls of one trigger a second, on average: 10,000. */
  readonly perSecond?: number;
  /** Stages that a workspace may have ready before its triggers are refused: 20,000. */
  readonly backlogMost?: number;
  /** What may wait to start in a workspace: 20,000 events of 1 GB. */
  readonly queueMost?: QueueMost;
  /** What a workspace may keep before its triggers are refused, in bytes: any amount. */
  readonly storedMost?: number | undefined;
}

/** Everything that starts runs by itself, open. */
export interface Triggers extends AsyncDisposable {
  readonly directory: Directory;
  readonly admission: Admission;
  readonly rates: Rates;
  readonly hooks: ServeRaw;
  readonly annex: ReturnType<typeof openAnnex>;
  /** To be told of every commit of the engine. */
  committed(actor: Actor, facts: readonly Fact[]): void;
  /** Tells of failures that nobody told of: what a process does by itself now and then. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

const tickMs = 1_000;
const backlogMs = 2_000;
const storedMs = 60_000;
const realtimeMost = 1_000;
const usualQueue: QueueMost = { events: 20_000, bytes: 1024 ** 3 };
const mendMs = 60_000;
const tidyMs = 5 * 60_000;
const failuresMs = 30_000;

/** What keeps floods out, by all that is counted here. */
const ratesOf = (
  { perSecond = 10_000 }: TriggersOptions,
  { backlog, stored, queue, directory }: { backlog: Backlog; stored: Stored; queue: QueueRoom; directory: Directory },
): Rates =>
  openRates({
    perSecond,
    isFull: backlog.isFull,
    isStoredFull: stored.isFull,
    isQueueFull: (workspace, workflow) => queue.isFull(workspace, workflow) && directory.hasTurns(workspace, workflow),
    isHeld: () => loopHolds().isHeld,
  });

/** What is open to the world besides live webhooks. */
const doorsOf = (served: HookServer & TestCallServer & Parameters<typeof resumeServer>[0]) => ({
  forms: formServer(served),
  resume: resumeServer(served),
  testHooks: testCallServer(served),
  testForms: testFormServer(served),
});

export async function openTriggers(options: TriggersOptions): Promise<Triggers> {
  const { sql, engine, readPublished, onBroken, works } = options;
  const directory = new Directory({ sql, readPublished, onBroken });
  await directory.open();
  const queue = openQueueRoom(sql, options.queueMost ?? usualQueue);
  const admission = openAdmission({ ...options, directory, blobs: options.ledger.blobs, queue });
  const backlog = openBacklog(sql, { ready: options.backlogMost ?? 20_000, realtime: realtimeMost });
  const stored = openStored(sql, options.storedMost);
  const rates = ratesOf(options, { backlog, stored, queue, directory });
  const served = { ...options, directory, admission, rates, bodies: bodyCaps(options.bodyMost) };
  const hooks = hookServer(served);
  const annex = openAnnex({ hooks, ...doorsOf(served) });
  const { isTimeKnown } = options;
  const shared = { sql, engine, directory, admission, onBroken, now: engine.options.clock, isTimeKnown };
  const beat = (everyMs: number, work: (stopping: AbortSignal) => Promise<unknown>, doing: string) =>
    openBeat(everyMs, work, (error) => onBroken(error, doing));
  const watch = new Watch();
  const beats = [
    beat(backlogMs, () => Promise.all([backlog.look(), queue.look()]), 'counting what waits'),
    beat(storedMs, () => stored.look(), 'counting what is kept'),
    ...(works
      ? [
          beat(tickMs, () => fireDue(shared, watch), 'firing schedules'),
          beat(tickMs, () => admission.tick(), 'moving on what waits to start'),
          beat(tidyMs, (stopping) => tidyTriggers(sql, stopping), 'forgetting what ran out'),
          beat(mendMs, () => mendSchedules(shared), 'looking after schedules'),
          beat(failuresMs, () => sweepFailures(shared), 'looking for failures to tell of'),
        ]
      : []),
  ];
  const { begin, ended } = ownWork(onBroken);
  const close = async () => {
    watch.stop();
    await Promise.all(beats.map((one) => one.stop()));
    await ended();
    await directory.close();
  };
  return {
    directory,
    admission,
    rates,
    hooks,
    annex,
    committed: (actor, facts) => {
      if (!actor.isOver) return;
      const failure = failureIn(actor, facts);
      if (failure) begin(tellOfFailure(shared, failure), 'telling of a failure');
      const held = turnOf(directory, actor, facts);
      if (held !== undefined) begin(admission.ended(actor.workspace, held, actor.run), 'giving a turn on');
    },
    sweep: () => sweepFailures(shared),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Work that nobody waits for: what breaks in it is told, and `ended` waits for all that was begun. */
function ownWork(onBroken: TriggersOptions['onBroken']) {
  const under = new Set<Promise<unknown>>();
  const begin = (work: Promise<unknown>, doing: string) => {
    const watched = work.catch((error: unknown) => onBroken(error, doing)).finally(() => under.delete(watched));
    under.add(watched);
  };
  return { begin, ended: () => Promise.all(under) };
}

/** Whether a run was ended as it began, for it was only promised: it held no turn, and of hundreds each would look who is next. */
const wasPromised = (facts: readonly Fact[]): boolean =>
  facts[0]?.type === 'run.started' && facts[1]?.type === 'run.cancelled';

/** The workflow of which somebody may wait for the end of this run: asked for every run, so it must cost nothing for nearly all. */
function turnOf(directory: Directory, { workspace, state }: Actor, facts: readonly Fact[]): string | undefined {
  const workflow = state.started?.workflow.id;
  return workflow !== undefined && directory.hasTurns(workspace, workflow) && !wasPromised(facts)
    ? workflow
    : undefined;
}
