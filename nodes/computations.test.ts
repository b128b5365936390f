import { expect, test } from 'vitest';
import { computations } from './computations.ts';
import { computedHereMost } from './kit/computation.ts';
import type { Compute, ComputeElsewhere } from './kit/computation.ts';
import { allNodes } from './all.ts';
import { fakeWorld } from './kit/fakes.ts';
import { exampleBatch } from './kit/examples.ts';
import { prepare } from './kit/perform.ts';

test('each has a name of its own', () => {
  expect(new Set(computations.map(({ name }) => name)).size).toBe(computations.length);
});

const long = ' '.repeat(computedHereMost);
const rss = `<rss version="2.0"><channel><item><title>One</title><pubDate>no date</pubDate></item>${long}</channel></rss>`;
const cases = [
  { type: 'connect.rss', params: { url: 'https://example.com/' }, text: rss },
  { type: 'connect.http-request', params: { url: 'https://example.com/' }, text: `{"n":12345678901234567890}${long}` },
  { type: 'connect.http-request', params: { url: 'https://example.com/', as: 'json' }, text: `{"n":${long}` },
  { type: 'data.from-file', params: { format: 'csv', badRows: 'port' }, text: `a,b\n"x"y,1\nz,2\n${long}\n` },
  { type: 'data.from-file', params: { format: 'json', path: 'nothing' }, text: `{"a":1}${long}` },
];

test.each(cases)(
  '$type gives the same whether its long text is read here or elsewhere, where only JSON gets through',
  async (one) => {
    const named: string[] = [];
    // Declared as what it stands for: JSON has no types of its own.
    const elsewhere: ComputeElsewhere = async (computation, given) => {
      named.push(computation.name);
      const known = computations.find(({ name }) => name === computation.name) as typeof computation;
      return JSON.parse(JSON.stringify(known.work(JSON.parse(JSON.stringify(given))))) as ReturnType<typeof known.work>;
    };
    const play = async (compute: ComputeElsewhere | undefined): Promise<unknown> => {
      for (const definition of allNodes.filter(({ type }) => type === one.type)) {
        const params = one.type === 'data.from-file' ? { ...one.params, file: one.text } : one.params;
        const world = fakeWorld({ http: [{ reply: { text: one.text } }] });
        const batch = exampleBatch(definition, params, { given: { in: [{}] }, onError: 'port' });
        const outcome = await prepare(definition, params).batch(
          { ...batch, ...(compute ? { compute } : {}) },
          world.powers,
        );
        if (definition === allNodes.findLast(({ type }) => type === one.type)) return { outcome, logs: world.logs };
      }
    };
    expect(await play(elsewhere)).toEqual(await play(undefined));
    expect(named.length).toBeGreaterThan(0);
  },
);

test('a short text is read where it is', async () => {
  const compute: Compute = () => Promise.reject(new Error('not here'));
  const definition = allNodes.findLast(({ type }) => type === 'data.from-file')!;
  const batch = exampleBatch(definition, {}, { given: { in: [{}] } });
  const outcome = await prepare(definition, { format: 'csv', file: 'a\n1\n' }).batch(
    { ...batch, compute },
    fakeWorld({}).powers,
  );
  expect(outcome.out['out']?.items).toEqual([{ a: '1' }]);
});
