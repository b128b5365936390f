/** One run of a person's code over the items of one node. */
export interface CodeJob {
  /** The tenant; code of two workspaces never meets in one process. */
  workspace: string;
  /** JavaScript, or TypeScript without enums, namespaces and parameter properties. The body of a function: it returns. */
  source: string;
  /** Once for all items, or once for each, in order, inside the isolate. */
  mode: 'all' | 'each';
  items: readonly unknown[];
  scope: CodeScope;
  /** How long the code may take, queueing and start-up not counted; at most 300,000 ms. */
  timeoutMs: number;
  /** The isolate's heap, 8 to 1,024 MB. */
  memoryMb: number;
}

/** What the code sees beside its items; JSON values all. */
export interface CodeScope {
  /** Epoch ms; `Date.now()`, `new Date()` and `$now` give it on every attempt. */
  now: number;
  /** The zone that dates are read and printed in, such as `Europe/Berlin`; UTC. */
  zone?: string;
  /** Seeds `Math.random` and `crypto.randomUUID`. */
  seed: string;
  /** Items of the upstream nodes that the code names with `$('key')`. */
  nodes: Readonly<Record<string, readonly unknown[]>>;
  /** Those of them that have run. */
  executed?: readonly string[];
  workflow: unknown;
  run: unknown;
  step?: unknown;
  turn: unknown;
  vars: unknown;
}

/** A line the code wrote; `at` in epoch ms of the real clock. `console.log` is level info. */
export interface CodeLog {
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
  at: number;
}

/** Why there is no output. `line` and `column` (from 1) are those of the source as written, `item` counts from 0. */
export interface CodeFault {
  code:
    | 'code.threw'
    | 'code.timeout'
    | 'code.memory'
    | 'code.crashed'
    | 'code.syntax'
    | 'code.output-too-large'
    | 'code.bad-output';
  message: string;
  line?: number | undefined;
  column?: number | undefined;
  item?: number | undefined;
}

/**
 * How a run of code ended. `output` is data (JSON values): in mode `all` what was returned, in mode `each` a list with what
 * was returned for each item, `undefined` where nothing was. `cpuMs` is what the isolate used.
 */
export type CodeResult =
  | { ok: true; output: unknown; logs: CodeLog[]; cpuMs: number }
  | { ok: false; fault: CodeFault; logs: CodeLog[] };

/** What is said of code that did not finish in its time. */
export const tookLonger = (ms: number): string =>
  `The code took longer than ${ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`}`;
