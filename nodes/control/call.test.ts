import { expect, test } from 'vitest';
import { exampleBatch } from '../kit/examples.ts';
import { fakeWorld } from '../kit/fakes.ts';
import { prepare } from '../kit/perform.ts';
import { call } from './call.ts';

/** What comes back of a workflow that passes its input on, called once with so many items. */
async function passedThrough(count: number) {
  const params = { workflow: 'workflow_same' };
  const fakes = {
    workflow: (inputs: readonly (readonly unknown[])[]) =>
      inputs.map((output) => ({ run: 'run_1', status: 'finished' as const, output: output.map((item) => [item]) })),
  };
  const batch = exampleBatch(call, params, { given: { in: Array.from({ length: count }, (_, n) => n) }, fakes });
  const { out } = await prepare(call, params).batch(batch, fakeWorld(fakes).powers);
  return out['out'];
}

test('each item that comes back has all that were passed as its parents', async () => {
  expect(await passedThrough(3)).toEqual({ items: [[0], [1], [2]], from: [0, 1, 2].map(() => [0, 1, 2]) });
});

test('ten thousand items that came back of ten thousand had a hundred million parents on record, half a gigabyte', async () => {
  const port = await passedThrough(10_000);
  expect(port?.items).toHaveLength(10_000);
  expect(port?.from?.flat()).toHaveLength(0);
});
