import type { Lane } from '../../flow/document/workflow.ts';
import type { Descent, Fact, FaultRecord } from '../../flow/facts/fact.ts';
import type { Actor } from '../engine/actor.ts';
import type { Engine } from '../engine/engine.ts';
import { newEventId, newRunId } from '../journal/ids.ts';
import type { InboxEvent } from '../journal/flusher.ts';
import type { StartRequest } from '../engine/start.ts';
import { Refused } from '../journal/refused.ts';
import type { Admission } from './admission.ts';
import type { PublishedVersion } from '../triggers/directory.ts';

/** Something that happened and starts a run. */
export interface Occurrence {
  readonly workspace: string;
  readonly published: PublishedVersion;
  /** The start node. */
  readonly key: string;
  readonly kind: string;
  readonly items: readonly unknown[];
  readonly lane: Lane;
  readonly source: string;
  readonly subject?: string;
  readonly dedupeKey?: string | undefined;
  /** Until when the key must be known at least (epoch milliseconds). */
  readonly dedupeUntil?: number | undefined;
  /** The run that it descends from by calls over HTTP. */
  readonly descends?: Descent | undefined;
  /** When the run's id follows from what happened, or was needed before. */
  readonly run?: string;
  readonly mode?: StartRequest['mode'];
  readonly warnings?: StartRequest['warnings'];
}

/** What became of it. `pending`: accepted and stored; its run starts when the workflow's settings let it. */
export type Accepted =
  | { readonly is: 'started'; readonly actor: Actor }
  | { readonly is: 'duplicate'; readonly run: string }
  | { readonly is: 'pending'; readonly run: string }
  | { readonly is: 'skipped'; readonly why: string };

/**
 * Takes in what happened: it is an event in the inbox before, or in the same statement as, the run that it starts (E3). Durable when it
 * resolves. Rejects with `Refused` when the database is away.
 */
export async function accept(engine: Engine, admission: Admission, what: Occurrence): Promise<Accepted> {
  if (admission.governs(what.published.document)) return admission.admit(what);
  return startNow(engine, what);
}

/** Keeps what happened as a run that failed before it began: where nobody waits who could be told, it is seen in the list of runs and can be retried. */
export const startFailed = (engine: Engine, what: Occurrence, fault: FaultRecord): Promise<Accepted> =>
  startNow(engine, what, { kept: [failedBy(engine, fault)] });

/** The fact that a run failed by this before it began. */
export const failedBy = (engine: Engine, fault: FaultRecord): Fact => ({
  type: 'run.failed',
  at: engine.options.clock(),
  data: { fault },
});

/** Starts the run of what happened, with its event. */
export async function startNow(
  engine: Engine,
  what: Occurrence,
  more: Pick<StartRequest, 'kept'> = {},
): Promise<Accepted> {
  try {
    // The event is named after its run: drawing random bytes twice costs 3 % of a webhook.
    const run = what.run ?? runIdAhead(engine);
    const event = eventOf(what, `evt_${run.slice(4)}`);
    return {
      is: 'started',
      actor: await engine.start({ ...requestOf(what), ...more, run, event, isAwaited: isAwaited(what.kind) }),
    };
  } catch (error) {
    if (error instanceof Refused && error.result.why === 'duplicate' && error.result.run !== undefined)
      return { is: 'duplicate', run: error.result.run };
    // A run of that very id is there: it was started before, by somebody who died before saying so.
    if (error instanceof Refused && error.result.why === 'seq' && what.run !== undefined)
      return { is: 'duplicate', run: what.run };
    throw error;
  }
}

/** Kinds of start whose sender waits to hear that it was accepted; a schedule's fire, once made, must not be lost by a crash. */
const awaited: ReadonlySet<string> = new Set(['webhook', 'form', 'manual']);
export const isAwaited = (kind: string): boolean => awaited.has(kind);

/** The start of a run for what happened, without its event. */
export function requestOf(what: Occurrence): StartRequest {
  const { workspace, published, key, items, lane, run, kind, mode = 'live', warnings, descends } = what;
  return {
    workspace,
    ...(run === undefined ? {} : { run }),
    workflow: { id: published.id, name: published.name, version: published.version },
    plan: published.plan,
    document: published.document,
    start: key,
    input: items,
    lane,
    mode,
    trigger: { kind, key },
    ...(descends ? { descends } : {}),
    ...(warnings && warnings.length > 0 ? { warnings } : {}),
  };
}

/** What happened as an event of the inbox: the fields of a CloudEvent. */
export function eventOf(
  { published, key, kind, items, source, subject, dedupeKey, dedupeUntil }: Occurrence,
  id: string = newEventId(),
): InboxEvent {
  return {
    id,
    source,
    type: `heddle.${kind}`,
    ...(subject === undefined ? {} : { subject }),
    data: items.length === 1 ? items[0] : items,
    trigger: `${published.id}/${key}`,
    ...(dedupeKey === undefined ? {} : { dedupeKey }),
    ...(dedupeUntil === undefined ? {} : { dedupeUntil }),
  };
}

/** A run's id ahead of its start. */
export const runIdAhead = (engine: Engine): string => newRunId(engine.options.clock());
