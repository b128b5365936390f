import { openNeighbourhood } from './neighbourhood.ts';
import { lawOf, neighbours } from './neighbours.ts';
import { serve } from './served.ts';
import { openSlow } from './slow.ts';

const owner = { email: 'bench@example.com', password: 'a long password' };
const slowMs = 5_000;

/**
 * S12: one workspace keeps 100 slow and 100 hostile runs going beside another. What was measured, and each figure of the law as a share of what it
 * may come to: 1 is just held.
 */
export async function tenants(
  home: string,
  seconds: number,
  prof?: string,
): Promise<Readonly<Record<string, unknown>>> {
  await using slow = await openSlow(slowMs);
  const target = `127.0.0.1:${slow.port}`;
  await using served = await serve(home, { owner, allowHosts: target, prof });
  const { publish } = await openNeighbourhood(Number(new URL(served.at).port), owner);
  const measured = await neighbours({ publish, slow: `http://${target}/`, seconds });
  const [pure, code, own] = lawOf(measured).map(({ is, most }) => Math.round((is / most) * 100) / 100);
  return { pure, code, own, ...measured };
}
