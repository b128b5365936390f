import { Fault } from '../../flow/facts/faults.ts';
import type { Budget } from '../../flow/facts/budget.ts';

/** One thing wrong with a value: where in it, as `/lines/0/sku`, and what. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Looks at a value; what is wrong goes into `problems`. */
export type Check = (value: unknown, at: CheckContext) => void;

/** Where a check is: the path so far, how deep schemas are inside one another, and what was found. */
export interface CheckContext {
  readonly path: string;
  readonly depth: number;
  readonly problems: Problem[];
  readonly budget: Budget | undefined;
}

/** Compiles the schemas inside a schema. */
export interface Inside {
  /** With what is around it. */
  compile(schema: unknown): Check;
  /** Later, for whoever asks then: what is compiled serves others as well. */
  compileFor(schema: unknown, budget: Budget | undefined): Check;
  readonly root: unknown;
}

/** Tells whether a check finds nothing wrong, without keeping what it finds. */
export function passes(check: Check, value: unknown, at: CheckContext): boolean {
  const problems: Problem[] = [];
  check(value, { ...at, problems });
  return problems.length === 0;
}

/** The fault for what is no schema that can be used here. */
export const notSchema = (message: string): Fault =>
  new Fault('data.invalid', message, { mend: 'Correct the JSON Schema; draft 2020-12 is understood.' });
