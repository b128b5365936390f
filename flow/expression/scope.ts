import type { Budget } from '../facts/budget.ts';
import type { ExpressionError } from './faults.ts';

/** What an expression may see of another node's output, `$('key')`. Values are items' values; none is ever changed. */
export type NodeScope = {
  /** The one item that the current item comes from. Throws an `ExpressionFault` when there is no single ancestor. */
  item(): unknown;
  first(): unknown;
  last(): unknown;
  all(): readonly unknown[];
  /** The files of the item that `item()` gives, by name. */
  files?(): unknown;
};

/**
 * What an expression may see. Build it once per batch; per item set `json` and `itemIndex` (and `files`). Nothing in it is
 * ever changed by an expression, and time and randomness come from here only.
 */
export type Scope = {
  json: unknown;
  itemIndex: number;
  /** The node's input on its first port. */
  items: readonly unknown[];
  /** The output of another node at the nearest enclosing path; undefined when it has not run or is not there. */
  node(key: string): NodeScope | undefined;
  /** Milliseconds since 1970: the start of the stage, the same on each attempt. */
  now: number;
  /** An IANA zone, such as `Europe/Berlin`; dates are read and printed in it. */
  zone: string;
  turn: number;
  runIndex: number;
  workflow: { id: string; name: string };
  run: { id: string; mode: string; resumeUrl?: string };
  vars: Record<string, unknown>;
  /** Numbers in [0, 1), seeded by run, path and node. */
  random(): number;
  /** How many of them were drawn so far, for who goes on elsewhere. */
  drawn?: number;
  trigger?: unknown;
  step?: Record<string, unknown>;
  /** What a model filled in when it called the node as a tool, by name: `$fromAI('name')`. */
  fromModel?: Record<string, unknown>;
  /** The files of the current item, by name: `$binary`. */
  files?: unknown;
  /** What the stage may use; without one only the limits of each expression hold. */
  budget?: Budget | undefined;
  /** Told of each segment that came out undefined because a value on the way was missing; for the trace. */
  missed?(error: ExpressionError): void;
};

/** What an expression sees that stands over one value and nothing else: params, an event, an example. */
export const scopeOver = (json: unknown, more: Partial<Scope> = {}): Scope => ({
  json,
  itemIndex: 0,
  items: [json],
  node: () => undefined,
  now: 0,
  zone: 'UTC',
  turn: 0,
  runIndex: 0,
  workflow: { id: '', name: '' },
  run: { id: '', mode: 'test' },
  vars: {},
  random: () => 0,
  ...more,
});
