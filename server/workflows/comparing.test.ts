import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import { longestTurn } from '../text/testing/longest-turn.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { compareVersions } from './versions.ts';

let place: TestServer;
let workflow: string;

const start = { begin: { type: 'start.manual' } };
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Six hundred Set nodes of eighty fields, as an editor could draw them. */
const wide = (value: string) =>
  drawn(
    'Compared',
    Object.fromEntries(
      range(600).map((n) => [
        `n${n}`,
        {
          type: 'data.set',
          params: { fields: range(80).map((m) => ({ name: `f${m}`, type: 'string', value: `${value}${n}_${m}` })) },
        },
      ]),
    ),
    '',
  );

beforeAll(async () => {
  place = await openPlace();
  workflow = (await place.call('POST', '/api/v1/workflows', { document: drawn('Compared', start, '') })).json.id;
  const owner = postgres(place.opened.ground.database.url, { max: 1 });
  for (const [n, value] of ['a', 'b'].entries())
    await owner`
      insert into workflow_versions (workspace_id, workflow, version, document, plan, fingerprint, manifest)
      values ('ws_main', ${workflow}, ${n + 1}, ${JSON.stringify(wide(value))}::text::json, '{}', '', '{}')`;
  await owner.end();
});
afterAll(() => place[Symbol.asyncDispose]());

test('versions that differ in very much are compared without holding anybody up: one go in a transaction took a second', async () => {
  let held = Infinity;
  for (let tried = 0; tried < 3 && held > 250; tried++) {
    const comparing = place.call('GET', `/api/v1/workflows/${workflow}/compare?from=1&to=2`);
    held = Math.min(held, await longestTurn(comparing));
    const { words, diff } = (await comparing).json;
    expect([words[0], diff.changed.length]).toEqual(['n0: fields[0].value changed from “a0_0” to “b0_0”.', 600]);
  }
  expect(held).toBeLessThan(250);
}, 300_000);

test('versions that nobody has the time to compare are not, and say so; room is made for both before they are read', async () => {
  const asked: number[] = [];
  const compare = (why: string) =>
    compareVersions(
      {
        database: place.opened.ground.database,
        compute: { compare: async () => Promise.reject(new Fault(why, 'It ended.')) },
        makeRoom: async (bytes) => void asked.push(bytes),
      },
      'ws_main',
      workflow,
      { from: 1, to: 2 },
    );
  await expect(compare('compute.killed')).rejects.toMatchObject({ status: 503, code: 'busy' });
  await expect(compare('compute.limit')).rejects.toMatchObject({ status: 413, code: 'too-large' });
  expect(Math.min(...asked)).toBeGreaterThan(2 * JSON.stringify(wide('a')).length);
});
