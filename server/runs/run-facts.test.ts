import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromWire, runFacts, runPlan } from '../../flow/contract/run-facts.ts';
import { awayLists, brought } from '../../flow/facts/away.ts';
import { RunFold } from '../../flow/facts/run-fold.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { writeLongRun } from './testing/long-run.ts';

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

const go = { type: 'start.manual' };
const start = async (document: object, body: object = {}) => {
  const { id } = await place.publish(document);
  return (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 10, ...body })).json.runId as string;
};

/** Reads a run as a page does, and counts what that took. */
async function opened(run: string) {
  let fold: RunFold | undefined;
  let [requests, bytes] = [0, 0];
  const began = performance.now();
  const read = async (url: string) => {
    const answer = await place.call('GET', url, undefined, 'viewer');
    requests++;
    bytes += answer.text.length;
    return answer;
  };
  for (let upTo = 1; (fold?.seq ?? 0) < upTo;) {
    const { json, headers } = await read(`/api/v1/runs/${run}/facts?after=${fold?.seq ?? 0}`);
    const page = runFacts.parse(json);
    fold ??= new RunFold(run, runPlan.parse((await read(`/api/v1/plans/${page.plan}`)).json).plan);
    fold.take(page.facts.map(fromWire));
    upTo = page.upTo;
    // Who reads ahead is told where, and that there is no more.
    expect(headers.get('link')).toBe(fold.seq < upTo ? `<?after=${fold.seq}>; rel="next"` : null);
  }
  if (!fold) throw new Error('nothing came');
  const steps = fold.steps();
  return { fold, steps, requests, bytes, ms: performance.now() - began };
}

test('what is large is left and comes whole by its place: also from among what single iterations gave', async () => {
  const each = { type: 'control.loop' };
  const grow = { type: 'data.set', params: { json: { text: "{{ 'x'.repeat(30000) + $json.n }}" } } };
  const document = drawn('Left', { go, each, grow }, 'go -> each.in\neach.each -> grow\ngrow -> each.next');
  const run = await start(document, { input: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  const { fold, steps, bytes } = await opened(run);
  expect(fold.run()).toMatchObject({ id: run, status: 'finished' });
  expect(bytes).toBeLessThan(20_000);
  const single = steps.filter(({ key, turns }) => key === 'grow' && !turns);
  expect(single).toHaveLength(3);
  const items = single[1]!.output['out']!;
  const [away, ...others] = awayLists(items);
  expect(others).toEqual([]);
  const url = `/api/v1/runs/${run}/facts/${away!.seq}/value?at=${encodeURIComponent(away!.at)}`;
  const { value } = (await place.call('GET', url, undefined, 'viewer')).json;
  expect(brought(items, () => value)).toMatchObject([{ text: `${'x'.repeat(30_000)}2` }]);
  // As everything of a run: for those of its workspace alone, and nothing that is no value of it.
  expect((await place.call('GET', url, undefined, 'stranger')).status).toBe(404);
  expect((await place.call('GET', `/api/v1/runs/${run}/facts`, undefined, 'stranger')).status).toBe(404);
  for (const at of ['', '/kept', '/kept/9/out/out', '/nodes/0/key', '/__proto__'])
    expect((await place.call('GET', url.replace(/at=.*/, `at=${encodeURIComponent(at)}`))).status, at).toBe(404);
});

test('a plan is for its workspace alone, and is kept by the browser', async () => {
  const run = await start(drawn('Planned', { go }));
  const { plan } = (await place.call('GET', `/api/v1/runs/${run}/facts`)).json;
  const found = await place.call('GET', `/api/v1/plans/${plan}`, undefined, 'viewer');
  expect(found.json.plan.fingerprint).toBe(plan);
  expect(found.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
  expect((await place.call('GET', `/api/v1/plans/${plan}`, undefined, 'stranger')).status).toBe(404);
});

test('the stream tells the same facts as the stretches do, with the same left out', async () => {
  const set = { type: 'data.set', params: { json: { text: "{{ 'x'.repeat(9000) }}" } } };
  const run = await start(drawn('Streamed', { go, set }, 'go -> set'));
  const { facts } = (await place.call('GET', `/api/v1/runs/${run}/facts`)).json;
  const text = await place.stream(`/api/v1/runs/${run}/live?as=wire`);
  const heard = [...text.matchAll(/^data: (\[.*)$/gm)].map(([, data = '']) => JSON.parse(data));
  expect(heard).toEqual(facts);
  expect(text.length).toBeLessThan(5_000);
  expect(text).toContain('"$away"');
});

test('what a person’s data looks like is never taken for a value that was left', async () => {
  const set = { type: 'data.set', params: { json: { $away: 3, $blob: 'no', count: 2 } } };
  const run = await start(drawn('Alike', { go, set }, 'go -> set'), { input: { $away: 7 } });
  const { steps } = await opened(run);
  expect(steps.at(-1)?.output).toEqual({ out: [{ $away: 3, $blob: 'no', count: 2 }] });
});

test('a run of 100,000 facts is read in a dozen requests, its values left, and folds to its end', async () => {
  const { database } = place.opened.ground;
  const { run, count } = await writeLongRun(database, 'ws_main', 25_000);
  const { fold, steps, requests, bytes, ms } = await opened(run);
  console.log(
    `${count} facts: ${requests} requests, ${Math.round(bytes / 1024)} kB, read and folded in ${Math.round(ms)} ms`,
  );
  expect(fold.run()).toMatchObject({ status: 'finished' });
  expect(steps.filter(({ key }) => key === 'post')).toHaveLength(25_000);
  expect(requests).toBeLessThanOrEqual(14);
  // As events they come in stretches, too: 100,000 of them were one answer, whatever they held.
  let seq = 0;
  for (let more = true; more;) {
    const { json, headers } = await place.call('GET', `/api/v1/runs/${run}/events?after=${seq}`, undefined, 'viewer');
    expect(json.items.map((fact: { seq: number }) => fact.seq)).toEqual(
      Array.from({ length: json.items.length }, (_, n) => seq + 1 + n),
    );
    expect(json.items.length).toBeLessThanOrEqual(10_000);
    seq = json.items.at(-1).seq;
    more = headers.get('link') === `<?after=${seq}>; rel="next"`;
  }
  expect(seq).toBe(count);
  expect(bytes).toBeLessThan(24_000_000);
});
