import { expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import { turnsOf } from '../text/testing/turns-of.ts';
import { readBlob } from '../runs/reads.ts';
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

const noBlobs = async (hash: string) => {
  throw new Fault('value.missing', `There is no ${hash}.`);
};

test('the facts of a long run are read in turns: 30,000 held the server for as long as they took', async () => {
  const read = () => wholeFacts(rows, noBlobs);
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
  await expect(wholeFacts([lost, ...rows], noBlobs)).rejects.toMatchObject({ code: 'value.missing' });
});

test('a value that stands in a run two hundred times is read once to be shown, and is the same each time', async () => {
  let read = 0;
  const blobs: BlobStore = {
    writeBytes: async () => 'hash',
    writeSpooled: async () => 'hash',
    readBytes: async () => (read++, Buffer.from('[{"n":1}]')),
    letGo: () => {},
  };
  const named = Array.from({ length: 200 }, (_, n) => ({
    seq: n + 1,
    at: 1,
    type: 'step.answered',
    data: `{"stage":"s1","path":"","node":"n","attempt":1,"item":${n},"out":{"out":{"$blob":"one","size":9,"count":1}}}`,
  }));
  const facts = await wholeFacts(named, readBlob({ blobs }, 'w'));
  const values = facts.map((fact) => (fact.type === 'step.answered' ? fact.data.out['out'] : undefined));
  expect([values[0], new Set(values).size, read]).toEqual([[{ n: 1 }], 1, 1]);
});
