import * as z from 'zod';
import { nodeCard } from '../../flow/document/card.ts';
import { allNodes } from '../../nodes/all.ts';
import { cardOf } from '../../nodes/kit/card.ts';
import { route } from '../http/route.ts';
import type { Route } from '../http/route.ts';

/** The cards of this build; they do not change while it runs. */
const body = { items: allNodes.map(cardOf) };

/** What nodes there are. */
export const nodesRoutes = (): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/nodes',
    role: 'viewer',
    summary: 'The card of every node type: title, ports, params as JSON Schema, what it needs',
    replies: { 200: z.object({ items: z.array(nodeCard) }) },
    isConstant: true,
    handle: async () => ({ status: 200, body }),
  }),
];
