import fc from 'fast-check';
import type { Workflow } from '../flow/document/workflow.ts';
import type { Fact } from '../flow/facts/fact.ts';
import { Fault } from '../flow/facts/faults.ts';
import { InMemoryRun, farSide, httpReply } from '../server/engine/testing/in-memory.ts';
import { picturedNodes } from './pictured-graphs.ts';

/** What a run begins with. */
export const input = fc.array(
  fc.constantFrom({ n: 1 }, { n: 2, is: 'odd' }, { n: 3, is: 'bad' }, { n: 4, is: 'odd' }),
  {
    maxLength: 4,
  },
);

/** Carries a workflow as the engine does; the service it calls answers some calls with 503, some with 400, and persons say yes to some. */
export async function ran(document: Workflow, items: readonly unknown[], seed: number): Promise<InMemoryRun> {
  let asked = seed;
  const far = farSide((_, count) => {
    if ((count + seed) % 4 === 0) throw new Fault('http.status', 'It answered 503.', { done: 'no' });
    return httpReply((count + seed) % 11 === 0 ? 400 : 200);
  });
  const answer = ({ instances, at }: InMemoryRun['state']): Fact[] =>
    [...instances.values()].flatMap(({ stage, path, node = '', calls }) =>
      [...calls].flatMap(([call, { state, op, hash, waiting }]): Fact[] =>
        state === 'suspended' && waiting?.kind === 'review'
          ? [
              {
                type: 'call.answered',
                at,
                data: { stage, path, node, call, op, hash, value: { choice: asked++ % 2 === 0 ? 'yes' : 'no' } },
              },
            ]
          : [],
      ),
    );
  const run = new InMemoryRun(document, { nodes: picturedNodes, far, input: items, answer, start: 'n0' });
  // Some runs are looked at half-way.
  if (seed % 5 === 0) run.diesAfter = 4 + (seed % 40);
  await run.play().catch(() => undefined);
  return run;
}
