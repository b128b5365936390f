import type { Workflow } from '../../flow/document/workflow.ts';
import type { Accepted, Occurrence } from './accept.ts';

/** Decides whether a run may start now, by the concurrency, throttle, batch and debounce of its workflow (E29). */
export interface Admission {
  /** Whether the workflow has such settings; nearly none has. */
  governs(document: Workflow): boolean;
  admit(what: Occurrence): Promise<Accepted>;
}
