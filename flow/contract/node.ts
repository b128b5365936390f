import * as z from 'zod';
import { nodeCard } from '../document/card.ts';
import type { NodeCard } from '../document/card.ts';
import { portParams } from '../document/ports.ts';

/** Node cards, whole. */
export const nodeCards = z.object({ items: z.array(nodeCard) });

/**
 * A node as lists and searches show it, and as it is drawn and wired: what it is called and does, its ports. A tenth of its card; `defaults` are only
 * those that ports and effect go by.
 */
export const nodeEntry = nodeCard.pick({
  type: true,
  version: true,
  content: true,
  title: true,
  icon: true,
  summary: true,
  family: true,
  role: true,
  needs: true,
  effect: true,
  inputs: true,
  outputs: true,
  defaults: true,
});
export type NodeEntry = z.infer<typeof nodeEntry>;

/** The newest version of every node that a workspace may use, in the order of the palette. */
export const nodeIndex = z.object({ items: z.array(nodeEntry) });

/** The entry of a card. */
export function entryOf(card: NodeCard): NodeEntry {
  const names = new Set([...portParams(card.inputs), ...portParams(card.outputs), ...by(card.effect)]);
  const defaults = Object.fromEntries(Object.entries(card.defaults).filter(([name]) => names.has(name)));
  return nodeEntry.parse({ ...card, defaults });
}

const by = (effect: NodeCard['effect']): string[] => (typeof effect === 'string' ? [] : [effect.by]);
