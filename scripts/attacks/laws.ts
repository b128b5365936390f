import type { Drill } from '../drills/carry-out.ts';
import { tenants } from '../drills/tenants.ts';
import { heldByTests } from './held-by-tests.ts';
import { everyNode } from './every-node.ts';
import { oneRequest } from './one-request.ts';
import { streams } from './streams.ts';

/**
 * Everything that no request, tenant, editor, sender or clock may do to the rest, as somebody would try it from outside: a row for each way of trying,
 * whose report holds one law or more. A law that needs no server of its own is a row of `held-by-tests.ts`.
 */
export const laws: Readonly<Record<string, Drill>> = {
  'one-request': oneRequest,
  'every-node': everyNode,
  tenants,
  streams,
  tests: heldByTests,
};
