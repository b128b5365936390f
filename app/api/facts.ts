import * as z from 'zod';
import { awayLists, brought } from '../../flow/facts/away.ts';
import { fromWire, runFactsFrame, runPlan, runValue } from '../../flow/contract/run-facts.ts';
import type { RunFactsFrame } from '../../flow/contract/run-facts.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { call } from './call.ts';
import { factsPath, runPath } from './facts-path.ts';
import { hear } from './stream.ts';
import type { Listener } from './stream.ts';

/** How facts of runs are asked for; others in tests. */
export interface FactSource {
  /** A stretch of the facts of a run, those after a seq. */
  stretch(id: string, after: number, signal: AbortSignal): Promise<RunFactsFrame>;
  plan(fingerprint: string, signal: AbortSignal): Promise<Plan>;
  /** The facts after a seq as they come, until the last or until the signal. */
  hear(id: string, after: () => number, listener: Listener & { tell: (facts: StoredFact[]) => void }): Promise<void>;
}

/** The facts of runs over the REST doors. */
export const serverFacts: FactSource = {
  stretch: (id, after, signal) => call('GET', factsPath(id, after), { shape: runFactsFrame, signal }),
  plan: async (fingerprint, signal) =>
    (await call('GET', `/api/v1/plans/${encodeURIComponent(fingerprint)}`, { shape: runPlan, signal })).plan,
  hear: (id, after, { tell, ...listener }) =>
    hear({
      ...listener,
      path: () => `${runPath(id)}/live?as=wire&after=${after()}`,
      take: (data) => tell(data.map(fromWire)),
    }),
};

/** A value of a fact, whole, by its place there. */
export const fetchValue = async (id: string, place: { seq: number; at: string }, signal?: AbortSignal) =>
  (
    await call('GET', `${runPath(id)}/facts/${place.seq}/value?${new URLSearchParams({ at: place.at })}`, {
      shape: runValue,
      signal,
    })
  ).value;

/** Items with what of them was left at the server. */
export async function bringItems(id: string, items: readonly unknown[]): Promise<readonly unknown[]> {
  const lists = await Promise.all(
    awayLists(items).map(async (list) => [list, z.array(z.unknown()).parse(await fetchValue(id, list))] as const),
  );
  const known = new Map(lists);
  return lists.length === 0 ? items : brought(items, (list) => known.get(list) ?? []);
}
