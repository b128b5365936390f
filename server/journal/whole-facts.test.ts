import { expect, test } from 'vitest';
import { turnsOf } from '../text/testing/turns-of.ts';
import { slim, unaskedOf } from '../runs/slim.ts';
import type { BlobStore } from './blobs.ts';
import { wholeFacts } from './journal.ts';

const count = 30_000;
const rows = Array.from({ length: count }, (_, n) => ({
  seq: n + 1,
  at: 1,
  type: 'step.answered',
  data: JSON.stringify({
    stage: 's1',
    path: '',
    node: 'n',
    attempt: 1,
    item: n,
    out: { out: [{ n, text: 'x'.repeat(400) }] },
  }),
}));

const noBlobs: BlobStore = {
  writeBytes: async () => 'hash',
  writeSpooled: async () => 'hash',
  readBytes: async () => undefined,
};

test('the facts of a long run are read in turns: 30,000 held the server for as long as they took', async () => {
  const read = () => wholeFacts(rows, noBlobs, 'w');
  expect(await turnsOf(read)).toBeGreaterThan(5);
  expect((await read()).map(({ seq }) => seq)).toEqual(rows.map(({ seq }) => seq));
});

test('facts are left out of their values in turns', async () => {
  const read = () =>
    slim(rows, unaskedOf(count), async () => {
      throw new Error('Nothing is away.');
    });
  expect(await turnsOf(read)).toBeGreaterThan(5);
});

test('a value that is lost is told once all have been asked for, and nothing else breaks', async () => {
  const lost = { seq: 1, at: 1, type: 'run.finished', data: '{"output":{"$blob":"gone","size":1,"count":1}}' };
  await expect(wholeFacts([lost, ...rows], noBlobs, 'w')).rejects.toMatchObject({ code: 'value.missing' });
});
