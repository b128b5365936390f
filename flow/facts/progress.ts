import type { FactOf, TurnCount } from './fact.ts';

/** Items in and out of each turn so far, by node. */
export type TurnCounts = Readonly<Record<string, readonly TurnCount[]>>;

/** How far a loop has come that runs its turns in one stage. */
export interface Progress {
  readonly turn: number;
  readonly back: readonly (readonly unknown[])[];
  readonly counts: TurnCounts;
  /** How much of what may be kept of its turns is used up, in characters of JSON. */
  readonly keptSize: number;
}

/** Lays a checkpoint of a loop on the one before. What is kept of single turns is for people to see: the state does without it. */
export function progressed(
  instance: { node?: string | undefined; progress?: Progress | undefined },
  { node, turn, back, counts = {}, keptSize = 0 }: FactOf<'loop.progressed'>['data'],
): void {
  const before = instance.progress;
  instance.node = node;
  instance.progress = {
    turn,
    back,
    counts: joinCounts(before?.counts ?? {}, counts),
    keptSize: (before?.keptSize ?? 0) + keptSize,
  };
}

/** Turns, and those that came after them. */
export const joinCounts = (before: TurnCounts, then: TurnCounts): Record<string, TurnCount[]> =>
  Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(then)])].map((key) => [
      key,
      [...(before[key] ?? []), ...(then[key] ?? [])],
    ]),
  );
