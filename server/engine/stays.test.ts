import { expect, test } from 'vitest';
import { allNodes } from '../../nodes/all.ts';
import { InMemoryRun } from './testing/in-memory.ts';

const loop = '{{ (() => { let s = 0; for (let i = 0; i < 200000; i++) s += i; return s })() }}';

test('a node that asks for powers computes its params for a second at most: sixty short expressions held the server for ten', async () => {
  const run = new InMemoryRun(
    {
      heddle: 1,
      name: 'Stays',
      nodes: [
        { key: 's', type: 'start.manual' },
        { key: 'h', type: 'connect.http-request', params: { url: `https://example.com/${loop.repeat(60)}` } },
      ],
      edges: [{ from: 's', to: 'h' }],
    },
    { nodes: allNodes, input: [{ n: 1 }] },
  );
  await run.play();
  expect(run.facts.at(-1)).toMatchObject({
    type: 'run.failed',
    data: { fault: { code: 'stage.limit', node: 'h', message: expect.stringContaining('more than 1 s') } },
  });
});
