import { expect, test } from 'vitest';
import type { Append } from '../journal/flusher.ts';
import { draw } from '../../flow/testing/draw.ts';
import { MemoryJournal } from './testing/memory-ledger.ts';
import { SimulatedProcess, settle } from './testing/simulated.ts';
import { startOf } from './testing/test-engine.ts';

test('fifty answers of one moment cost one commit, one fact of intents and one look at the claim', async () => {
  const one = new SimulatedProcess(new MemoryJournal(1_000), 'boot_1');
  const { ledger } = one.engine.options;
  const appends: Append[] = [];
  const append = ledger.append.bind(ledger);
  ledger.append = (given) => {
    appends.push(given);
    return append(given);
  };
  const document = draw('a:test.start -> b:test.effect', { b: { settings: { concurrency: 50 } } });
  const input = Array.from({ length: 150 }, (_, n) => ({ n }));
  const actor = await one.engine.start(startOf(document, { run: 'run_1', input }));
  await settle();
  expect(one.asked).toHaveLength(50);
  appends.length = 0;
  for (const { answer } of one.asked.splice(0)) answer();
  await settle();
  expect(appends.map(({ facts }) => facts.length)).toEqual([51]);
  expect(appends[0]?.fence).toHaveLength(1);
  expect(appends[0]?.facts.at(-1)).toMatchObject({
    type: 'step.intended',
    data: { items: Array.from({ length: 50 }, (_, n) => n + 50) },
  });
  // None is sent before its intent is stored, and as many as may be are on their way.
  expect(one.asked).toHaveLength(50);
  for (let turn = 0; turn < 2; turn++) {
    for (const { answer } of one.asked.splice(0)) answer();
    await settle();
  }
  await actor.whenOver();
  expect(actor.state.output).toHaveLength(150);
  expect(one.broken).toEqual([]);
});
