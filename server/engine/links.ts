import { createHash, createHmac } from 'node:crypto';
import type { PlanNode } from '../../flow/compile/plan.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import { nodeOf } from '../../flow/facts/items.ts';
import { cutPath } from '../../flow/facts/path.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import type { Carriage } from './carriage.ts';

/** A way back into a run: the address that is shown to the outside, and the hash by which its token is known here. */
export interface Link {
  readonly url: string;
  readonly hash: string;
}

/** Gives the link of a node at a path of a run: always the same one. */
export type LinkMaker = (run: string, node: string, path: string) => Link;

/**
 * Makes links under an address (E13). A token is 128 bits that nobody can guess without the installation's key, made of run, path and node: what
 * was shown before a crash is what is shown after it, and nothing but its hash is ever stored. The key is asked for when the first link is lent.
 */
export function linkMaker(address: string, key: () => Uint8Array): LinkMaker {
  return (run, node, path) => {
    const whole = createHmac('sha256', key())
      .update(JSON.stringify([run, path, node]))
      .digest();
    const token = whole.subarray(0, 16).toString('base64url');
    return { url: `${address}/resume/${token}`, hash: tokenHash(token) };
  };
}

/** By what a token is looked up. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Where the link that a node's expressions mean stands: outside of the loops that are around the node and not around what waits. */
const placeOf = ({ plan }: Pick<Carriage, 'plan'>, node: PlanNode, path: string) => {
  const { key, stage, loops } = nodeOf(plan, node.link ?? node.key);
  return { stage, path: cutPath(path, loops.length), node: key };
};

/** What `$step.resumeUrl` is in a node at a path. */
export function resumeUrlOf(carriage: Pick<Carriage, 'plan' | 'linkOf'>, node: PlanNode, path: string) {
  if (node.link === undefined) return undefined;
  const place = placeOf(carriage, node, path);
  return carriage.linkOf(place.node, place.path).url;
}

/**
 * Puts the links that the nodes of a stage may show on record, durably, before any of them is shown. A stage that is done again finds them
 * there and shows the same.
 */
export async function issueLinks(carriage: Carriage): Promise<void> {
  const { plan, stage, path } = carriage;
  const facts = new Map<string, Fact>();
  for (const key of stage.nodes) {
    const node = nodeOf(plan, key);
    if (node.link === undefined) continue;
    const place = placeOf(carriage, node, path);
    const { hash } = carriage.linkOf(place.node, place.path);
    const known = carriage.state().instances.get(instanceKey(place.stage, place.path))?.tokens;
    if (!known?.includes(hash))
      facts.set(hash, { type: 'token.issued', at: carriage.clock(), data: { ...place, hash } });
  }
  if (facts.size > 0) await carriage.append([...facts.values()]);
}
