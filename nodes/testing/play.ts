import { isObject } from '../../flow/document/json.ts';
import { isOfThread } from '../../flow/document/powers.ts';
import { TooLong } from '../../flow/facts/budget.ts';
import type { Budget } from '../../flow/facts/budget.ts';
import { allNodes } from '../all.ts';
import type { AnyNode } from '../kit/define-node.ts';
import { exampleBatch } from '../kit/examples.ts';
import { fakeWorld } from '../kit/fakes.ts';
import { Failed } from '../kit/fault-record.ts';
import { prepare } from '../kit/perform.ts';
import type { Params } from '../kit/prepare-params.ts';

/** The nodes that may leave their process: they are carried out in it for moments only. */
export const movable = allNodes.filter(
  (node) => node.effect === 'pure' && (node.needs ?? []).every(isOfThread) && node.role !== 'start',
);

/** Items by port. */
export type Items = Readonly<Record<string, readonly unknown[]>>;

/** What a node is played with. */
export interface Played {
  readonly params: Params;
  readonly given: Items;
  readonly budget?: Budget;
  readonly pause?: () => Promise<void>;
}

/** What a node comes to; a fault by its code and words, and leaving as such. */
export async function play(node: AnyNode, { params, given, budget, pause }: Played): Promise<unknown> {
  const loop = { turn: 1, back: [Object.values(given)[0] ?? []] };
  const batch = exampleBatch(node, params, { given, fakes: node.turn ? { loop } : {} });
  if (budget) batch.scope.budget = budget;
  budget?.begins('may-leave');
  try {
    const { powers } = fakeWorld({});
    return await prepare(node, params).batch({ ...batch, budget, ...(pause ? { pause } : {}) }, powers);
  } catch (error) {
    if (error instanceof TooLong) return 'left';
    if (error instanceof Failed) return `${error.record.code}: ${error.record.message}`;
    throw error;
  }
}

/** What the node's examples give it. */
export const examplesOf = (node: AnyNode) =>
  node.examples.map(({ params, given }) => ({
    params: isObject(params) ? params : {},
    given: given as Items,
  }));

/** The items of an example again and again, so many on each port that has any. */
export const repeated = (given: Items, times: number): Items => {
  const longest = Math.max(0, ...Object.values(given).map((items) => items.length));
  return Object.fromEntries(
    Object.entries(given).map(([port, items]) => [
      port,
      Array.from({ length: longest === 0 ? 0 : times }, (_, at) => items[at % items.length]).filter(
        () => items.length > 0,
      ),
    ]),
  );
};
