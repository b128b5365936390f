import type { Plan } from '../../flow/compile/plan.ts';
import type { Lane, Workflow } from '../../flow/document/workflow.ts';
import type { Descent, FactOf, Fact, PortOutput } from '../../flow/facts/fact.ts';
import type { AppendStart, InboxEvent } from '../journal/flusher.ts';
import type { AheadRooms } from './ahead-room.ts';
import { currentEngine } from '../../flow/compile/plan.ts';

/** All that a new run is made of. `input` is delivered as the start node's output. */
export interface StartRequest {
  readonly workspace: string;
  /** Its id when that follows from something (a child, a retry); drawn otherwise. */
  readonly run?: string;
  readonly workflow: { readonly id: string; readonly name: string; readonly version: number | null };
  readonly plan: Plan;
  readonly document: Workflow;
  readonly start: string;
  readonly input: readonly unknown[];
  /** The input where it is kept, in place of `input`: of a run that is over as it begins. */
  readonly inputAt?: Extract<PortOutput, { $blob: string }>;
  readonly lane: Lane;
  readonly mode: 'live' | 'manual' | 'test';
  /** What started it; with `event` an inbox row is written in the same statement. */
  readonly trigger: {
    readonly kind: string;
    readonly key?: string;
    /** The inbox row that is there already; one that comes with the start is `event`. */
    readonly event?: string;
  };
  readonly event?: InboxEvent;
  readonly pins?: Readonly<Record<string, Record<string, unknown[]>>>;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly parent?: FactOf<'run.started'>['data']['parent'];
  /** The run that it descends from by calls over HTTP. */
  readonly descends?: Descent;
  readonly retryOf?: { readonly run: string; readonly root: string };
  /** Facts of the retried run that are kept (E24). */
  readonly kept?: readonly Fact[];
  readonly hidden?: boolean;
  /** Whoever asks waits until it is stored, and would ask again: a first stage that is over in a moment may go with it (`carryAhead`). */
  readonly isAwaited?: boolean;
  /** Where what goes with it finds room, when many are started together. */
  readonly ahead?: AheadRooms;
  /** What of the input could not be kept as it came: shown in the trace of the start node. */
  readonly warnings?: FactOf<'run.started'>['data']['warnings'];
}

/** The first fact of a run. */
export function startFact(run: string, request: StartRequest, at: number): Fact {
  return {
    type: 'run.started',
    at,
    data: {
      workflow: { ...request.workflow },
      plan: request.plan.fingerprint,
      engine: currentEngine,
      start: request.start,
      input: request.inputAt ?? { items: [...request.input] },
      lane: request.lane,
      trigger: { kind: request.trigger.kind, ...eventNamed(request) },
      mode: request.mode,
      root: request.retryOf?.root ?? run,
      seed: run,
      ...(request.parent ? { parent: request.parent } : {}),
      ...(request.descends ? { descends: request.descends } : {}),
      ...(request.retryOf ? { retryOf: request.retryOf.run } : {}),
      ...(request.pins ? { pins: { ...request.pins } } : {}),
      ...(request.vars ? { vars: { ...request.vars } } : {}),
      ...(request.workflow.version === null ? { document: request.document } : {}),
      ...(request.warnings ? { warnings: request.warnings } : {}),
    },
  };
}

function eventNamed({ event, trigger }: StartRequest): { event?: string } {
  const id = event?.id ?? trigger.event;
  return id === undefined ? {} : { event: id };
}

/** What a start brings to the journal besides its facts. */
export const appendStart = ({ plan, document, event, hidden }: StartRequest): AppendStart => ({
  plan: { fingerprint: plan.fingerprint, plan, document },
  ...(event ? { event } : {}),
  ...(hidden === undefined ? {} : { hidden }),
});
