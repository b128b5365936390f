import { installation } from '../flow/contract/installation.ts';
import type { SandboxWalls } from '../flow/contract/installation.ts';
import { containment, uidsOfChildren } from './cells/contain.ts';
import { route } from './http/route.ts';
import type { Route } from './http/route.ts';

/** What of the installation itself people may know: where webhooks answer, and what code of theirs runs in. */
export const installationRoutes = (hooks: string): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/installation',
    role: 'viewer',
    summary: 'How this Heddle was set up: where webhooks answer, and what protects it from code',
    replies: { 200: installation },
    handle: async () => ({ status: 200, body: { hooks, sandbox: walls() } }),
  }),
];

function walls(): SandboxWalls {
  const isRoot = process.getuid?.() === 0;
  return { ...containment(), users: !isRoot ? 'same' : uidsOfChildren() === undefined ? 'nobody' : 'each' };
}
