import type { ShownStep } from '../../flow/facts/views.ts';

/** What went through a port; items that were left at the server stand in it as `AwayItem`s. */
export type PortItems = readonly unknown[];

/** One attempt of one node, folded from the facts. Times in epoch milliseconds. */
export type RunStep = ShownStep;
