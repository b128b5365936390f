import * as z from 'zod';
import { LRUCache } from 'lru-cache';
import { entryOf, nodeCards, nodeIndex } from '../../flow/contract/node.ts';
import { nodeCard } from '../../flow/document/card.ts';
import { notFound } from '../http/refusal.ts';
import { route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { NodeCatalogue } from './catalogue.ts';
import type { WorkspaceNodes } from './workspace-nodes.ts';

type Cards = z.output<typeof nodeCards>;
type Index = z.output<typeof nodeIndex>;

/** What nodes there are: their index, which stays light with hundreds of them, and their cards. */
export const nodesRoutes = ({ catalogueOf }: Pick<NodeCatalogue, 'catalogueOf'>): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/nodes',
    role: 'viewer',
    summary:
      'The card of every node type: title, ports, params as JSON Schema, what it needs; of some types when they are named',
    query: z.object({
      types: z
        .string()
        .min(1)
        .max(8_000)
        .optional()
        .describe('Types with commas between: only their cards, of every version'),
    }),
    replies: { 200: nodeCards },
    isConstant: true,
    handle: async ({ workspace, query: { types } }) => ({
      status: 200,
      body: cardsOf(await catalogueOf(workspace), types),
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/nodes/index',
    role: 'viewer',
    summary: 'The newest version of every node in short: title, icon, family, what it does, its ports',
    replies: { 200: nodeIndex },
    isConstant: true,
    handle: async ({ workspace }) => ({ status: 200, body: indexOf(await catalogueOf(workspace)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/nodes/:type',
    role: 'viewer',
    summary: 'The card of one node type: its newest version, or the one that is named',
    params: z.object({ type: z.string().max(200) }),
    query: z.object({ version: z.coerce.number().int().min(1).optional() }),
    replies: { 200: nodeCard },
    handle: async ({ workspace, params: { type }, query: { version } }) => {
      const card = (await catalogueOf(workspace)).catalogue(type, version);
      if (!card) throw notFound('node');
      return { status: 200, body: card };
    },
  }),
];

/** Answers of one state of the catalogue, so that each is the same object until that changes. */
const indexes = new WeakMap<WorkspaceNodes, Index>();
const selections = new WeakMap<WorkspaceNodes, LRUCache<string, Cards>>();
const mostSelections = 200;

function indexOf(nodes: WorkspaceNodes): Index {
  const made = indexes.get(nodes) ?? {
    items: nodes.types.flatMap((type) => nodes.catalogue(type) ?? []).map(entryOf),
  };
  indexes.set(nodes, made);
  return made;
}

function cardsOf(nodes: WorkspaceNodes, types = ''): Cards {
  const kept = selections.get(nodes) ?? new LRUCache({ max: mostSelections });
  selections.set(nodes, kept);
  const named = new Set(types.split(',').filter((type) => type !== ''));
  const name = [...named].toSorted().join(',');
  const made = kept.get(name) ?? {
    items: nodes.cards.filter(({ type }) => named.size === 0 || named.has(type)),
  };
  kept.set(name, made);
  return made;
}
