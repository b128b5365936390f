import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
let far: { url: string; hits: string[]; answer: { status: number; hold: boolean }; close(): void };
beforeAll(async () => {
  far = await farSide();
  place = await openPlace({ env: { HEDDLE_ALLOW_HOSTS: new URL(far.url).host } });
});
afterAll(async () => {
  await place[Symbol.asyncDispose]();
  far.close();
});

/** A far side that counts: it answers with a status, or never. */
async function farSide() {
  const hits: string[] = [];
  const answer = { status: 200, hold: false };
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    if (!answer.hold) response.writeHead(answer.status, { 'content-type': 'application/json' }).end('{"far":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, hits, answer, close };
}

const go = { type: 'start.manual' };
const start = async (document: object, body: object = {}) => {
  const { id } = await place.publish(document);
  return { id, ...(await place.call('POST', `/api/v1/workflows/${id}/runs`, body)) };
};

test('a run started by REST: 201 at once, 200 when waited for, 202 when that was too short', async () => {
  const set = { type: 'data.set', params: { json: { n: '{{ $json.n + 1 }}' } } };
  const quick = drawn('Quick', { go, set }, 'go -> set');
  const { id, status, json } = await start(quick, { input: { n: 1 } });
  expect([status, json.status]).toEqual([201, expect.stringMatching(/running|finished/)]);
  const waited = await place.call('POST', `/api/v1/workflows/${id}/runs`, { input: [{ n: 1 }, { n: 2 }], wait: 10 });
  expect([waited.status, waited.json.status, waited.json.output]).toEqual([200, 'finished', [{ n: 2 }, { n: 3 }]]);
  const wait = { type: 'control.wait', params: { for: '1h' } };
  const slow = await start(drawn('SlowStart', { go, wait }, 'go -> wait'), { wait: 1 });
  expect([slow.status, slow.json.status]).toEqual([202, 'waiting']);
});

test.each([
  [{ start: 'nothing' }, 400, 'start-unknown'],
  [{ wait: 301 }, 400, 'invalid'],
  [{ graph: {} }, 400, 'invalid'],
])('%j is refused', async (body, status, code) => {
  const got = await start(drawn('Refused', { go }), body);
  expect([got.status, got.json.error.code]).toEqual([status, code]);
});

test('a draft runs for who may publish, with its pins; nobody else runs what was not published', async () => {
  const ask = { type: 'connect.http-request', params: { url: 'https://example.com' } };
  const document = { ...drawn('Draft', { go, ask }, 'go -> ask'), pins: { ask: [{ pinned: true }] } };
  const { id } = (await place.call('POST', '/api/v1/workflows', { document })).json;
  const runs = `/api/v1/workflows/${id}/runs`;
  expect((await place.call('POST', runs, {})).json.error.code).toBe('not-published');
  expect((await place.call('POST', runs, { draft: true }, 'operator')).status).toBe(403);
  const ran = await place.call('POST', runs, { draft: true, pins: true, wait: 10 }, 'editor');
  expect(ran.json).toMatchObject({ status: 'finished', version: null, output: [{ pinned: true }] });
  const upTo = await place.call('POST', runs, { draft: true, wait: 10, upTo: 'go', input: { n: 1 } });
  expect(upTo.json).toMatchObject({ status: 'finished', output: [{ n: 1 }] });
});

test('one node of a draft runs on what an earlier run gave; what has changed since is carried out again', async () => {
  const post = (where: string) => ({
    type: 'connect.http-request',
    params: { method: 'POST', url: `${far.url}/${where}` },
  });
  const count = (by: number) => ({ type: 'data.set', params: { json: { n: `{{ $json.n + ${by} }}` }, keep: 'none' } });
  const edges = 'go -> count\ncount -> first\nfirst -> second\nsecond -> third';
  const draft = (by: number, where: string) =>
    drawn('OneNode', { go, count: count(by), first: post('a'), second: post(where), third: post('never') }, edges);
  const { id } = (await place.call('POST', '/api/v1/workflows', { document: draft(1, 'b') })).json;
  const url = `/api/v1/workflows/${id}`;
  const run = async (body: object) => {
    far.hits.length = 0;
    const { status, json } = await place.call('POST', `${url}/runs`, { draft: true, wait: 10, ...body });
    return { status, ...json, hits: [...far.hits] };
  };
  const save = (document: object, revision: number) => place.call('PUT', url, { document, revision });
  const whole = await run({ input: { n: 1 }, upTo: 'second' });
  expect([whole.status, whole.hits]).toEqual(['finished', ['POST /a', 'POST /b']]);
  await save(draft(1, 'c'), 1);
  const one = await run({ upTo: 'second', reuse: whole.runId });
  expect([one.status, one.hits]).toEqual(['finished', ['POST /c']]);
  const inputs = async (key: string) => {
    const { items } = (await place.call('GET', `/api/v1/runs/${one.runId}/steps`)).json;
    return items.find((step: { key: string }) => step.key === key).input.in;
  };
  expect([await inputs('count'), await inputs('first')]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  await save(draft(2, 'c'), 2);
  expect((await run({ upTo: 'second', reuse: one.runId })).hits).toEqual(['POST /a', 'POST /c']);
  const again = await run({ reuse: one.runId });
  expect([again.status, again.hits], 'all of it, with the input of that run').toEqual([
    'finished',
    ['POST /a', 'POST /c', 'POST /never'],
  ]);
  for (const [body, code] of [
    [{ reuse: one.runId, input: 1 }, 'reuse-unclear'],
    [{ reuse: one.runId, upTo: 'second', input: 1 }, 'reuse-unclear'],
    [{ reuse: 'run_nothing', upTo: 'second' }, 'not-found'],
    [{ upTo: 'nowhere' }, 'node-unknown'],
    [{ draft: false, pins: true }, 'draft-only'],
  ] as const)
    expect((await run(body)).error.code, code).toBe(code);
});

test('unicode, nulls, empty lists and integers beyond 2^53 survive, in the run, its steps and its events', async () => {
  const body = `{"input":[{"s":"ÅÄÖ 🎈 \\u202e","n":null,"l":[],"o":{},"i":9007199254740993}],"wait":10}`;
  const { id } = await place.publish(drawn('Exact', { go }));
  const { json } = await place.call('POST', `/api/v1/workflows/${id}/runs`, body);
  const item = { s: 'ÅÄÖ 🎈 \u202e', n: null, l: [], o: {}, i: '9007199254740993' };
  expect(json).toMatchObject({ output: [item] });
  const { items: steps } = (await place.call('GET', `/api/v1/runs/${json.runId}/steps`)).json;
  expect(steps).toMatchObject([{ key: 'go', status: 'finished', output: { out: [item] } }]);
  expect(steps[0].logs[0].text).toContain('/0/i');
  const { items: events } = (await place.call('GET', `/api/v1/runs/${json.runId}/events`)).json;
  expect(events[0]).toMatchObject({ seq: 1, type: 'run.started', data: { input: { items: [item] } } });
  expect(events.at(-1)).toMatchObject({ type: 'run.finished' });
});

test('large values are shown by name and size until they are asked for', async () => {
  const { json } = await start(drawn('Large', { go }), { input: { text: 'x'.repeat(70_000) }, wait: 10 });
  const url = `/api/v1/runs/${json.runId}`;
  const large = { $blob: expect.any(String), size: expect.any(Number), count: 1 };
  expect((await place.call('GET', url)).json.output).toMatchObject(large);
  expect((await place.call('GET', `${url}?full=1`)).json.output[0].text).toHaveLength(70_000);
  expect((await place.call('GET', `${url}/steps`)).json.items[0].output.out).toMatchObject(large);
  expect((await place.call('GET', `${url}/steps?full=1`)).json.items[0].output.out[0].text).toHaveLength(70_000);
  expect((await place.call('GET', `${url}/events`)).text.length).toBeLessThan(5_000);
  expect((await place.call('GET', `${url}/events?full=1`)).json.items[0].data.input.items[0].text).toHaveLength(70_000);
});

test('a list of a step is named with its size and count under any threshold, and comes whole with where its items came from', async () => {
  const keep = { type: 'rules.filter', params: { where: { left: '{{ $json.n }}', op: 'gt', right: 1 } } };
  const input = [{ n: 1 }, { n: 2 }, { n: 3 }];
  const { json } = await start(drawn('Named', { go, keep }, 'go -> keep'), { input, wait: 10 });
  const url = `/api/v1/runs/${json.runId}`;
  const steps = (await place.call('GET', `${url}/steps?inline=0`)).json.items;
  const named = (count: number) => ({ $blob: expect.any(String), size: expect.any(Number), count });
  expect(steps[1]).toMatchObject({ input: { in: named(3) }, output: { kept: named(2), dropped: named(1) } });
  const items = (port: string) => place.call('GET', `${url}/items?step=keep&side=output&port=${port}`);
  expect((await items('kept')).json).toEqual({ items: [{ n: 2 }, { n: 3 }], from: [1, 2] });
  expect((await items('toString')).status).toBe(404);
  const strangers = await place.call('GET', `${url}/items?step=keep&side=output&port=kept`, undefined, 'stranger');
  expect(strangers.status).toBe(404);
});

test('lists are filtered and go on with a cursor; children are left out', async () => {
  const { id } = await place.publish(drawn('Listed', { go }));
  const ids: string[] = [];
  for (let n = 0; n < 5; n++)
    ids.unshift((await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 5 })).json.runId);
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await place.call('GET', `/api/v1/runs?workflow=${id}&status=finished&limit=2${cursor}`);
    seen.push(...page.json.items.map((run: { id: string }) => run.id));
    cursor = page.json.next === null ? '' : `&cursor=${page.json.next}`;
  } while (cursor !== '');
  expect(seen).toEqual(ids);
  expect((await place.call('GET', '/api/v1/runs?cursor=nonsense')).json.error.code).toBe('cursor-invalid');
  expect((await place.call('GET', '/api/v1/runs?colour=red')).status).toBe(400);
  expect((await place.call('GET', `/api/v1/runs?workflow=${id}`, undefined, 'stranger')).json.items).toEqual([]);
});

test('a run shows the document that it carries out, whatever became of the draft since', async () => {
  const { id } = await place.publish(drawn('Shown', { go }));
  const first = (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 5 })).json.runId;
  const set = { type: 'data.set', params: { json: 1 } };
  const save = async (document: object, revision: number) =>
    expect((await place.call('PUT', `/api/v1/workflows/${id}`, { document, revision })).status).toBe(200);
  await save(drawn('Shown', { go, set }, 'go -> set'), 1);
  const draft = (await place.call('POST', `/api/v1/workflows/${id}/runs`, { draft: true, wait: 5 })).json.runId;
  await save(drawn('Shown later', { go }), 2);
  const keys = async (run: string) => {
    const { version, document } = (await place.call('GET', `/api/v1/runs/${run}/document`)).json;
    return [version, document.name, document.nodes.map((node: { key: string }) => node.key)];
  };
  expect(await keys(first)).toEqual([1, 'Shown', ['go']]);
  expect(await keys(draft)).toEqual([null, 'Shown', ['go', 'set']]);
});

test('a cancel stops what is on its way, and a second one is told that it is over', async () => {
  far.answer.hold = true;
  const ask = { type: 'connect.http-request', params: { url: `${far.url}/held` } };
  const { json } = await start(drawn('Held', { go, ask }, 'go -> ask'));
  await expect.poll(() => far.hits.includes('GET /held')).toBe(true);
  const cancelled = await place.call('POST', `/api/v1/runs/${json.runId}/cancel`, { reason: 'enough' });
  expect(cancelled.json).toMatchObject({ status: 'cancelled', error: { code: 'cancelled', message: 'enough' } });
  expect((await place.call('POST', `/api/v1/runs/${json.runId}/cancel`)).json.error.code).toBe('run-over');
  expect(place.opened.engine.carrying).toBe(0);
  far.answer.hold = false;
});

test('a run that takes longer than its workflow allows fails, with what it called, whatever it waits for', async () => {
  const rest = { type: 'control.wait', params: { for: '1h' } };
  await place.publish(drawn('Too slow, called', { called: { type: 'start.called' }, rest }, 'called -> rest'));
  const call = { type: 'control.call', params: { workflow: 'Too slow, called' } };
  const { id } = await place.publish(
    drawn('Too slow', { go: { type: 'start.manual' }, call }, 'go -> call', { timeout: '700ms' }),
  );
  const { json } = await place.call('POST', `/api/v1/workflows/${id}/runs`, {});
  const { json: run } = await place.over(json.runId);
  expect(run).toMatchObject({ status: 'failed', error: { code: 'run.timeout' } });
  // What it called is let go once its own end is stored.
  const children = async () => (await place.call('GET', `/api/v1/runs?parent=${json.runId}`)).json.items;
  await expect.poll(async () => (await children())[0]?.status).toBe('cancelled');
});

test('a cancel ends the runs that were called too', async () => {
  const wait = { type: 'control.wait', params: { for: '1h' } };
  await place.publish(drawn('WaitingChild', { in: { type: 'start.called' }, wait }, 'in -> wait'));
  const call = { type: 'control.call', params: { workflow: 'WaitingChild' } };
  const { json } = await start(drawn('WaitingParent', { go, call }, 'go -> call'));
  const children = async () => (await place.call('GET', `/api/v1/runs?parent=${json.runId}`)).json.items;
  await expect.poll(async () => (await children())[0]?.status).toBe('waiting');
  await place.call('POST', `/api/v1/runs/${json.runId}/cancel`);
  expect((await children())[0]).toMatchObject({ status: 'cancelled', parent: { run: json.runId } });
});

test('a retry from a node keeps what was done before it; from the start all is done again', async () => {
  const first = { type: 'connect.http-request', params: { method: 'POST', url: `${far.url}/first` } };
  const second = { type: 'connect.http-request', params: { method: 'POST', url: `${far.url}/second` } };
  far.answer.status = 200;
  const { id } = await place.publish(drawn('Retried', { go, first, second }, 'go -> first\nfirst -> second'));
  const broken = { ...second, params: { ...second.params, url: 'http://127.0.0.1:9/refused' } };
  const { revision } = (await place.call('GET', `/api/v1/workflows/${id}`)).json;
  const document = drawn('Retried', { go, first, second: broken }, 'go -> first\nfirst -> second');
  await place.call('PUT', `/api/v1/workflows/${id}`, { document, revision });
  await place.call('POST', `/api/v1/workflows/${id}/publish`);
  const { json: failed } = await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 20 });
  expect(failed).toMatchObject({ status: 'failed', version: 2, error: { node: 'second' } });
  far.hits.length = 0;
  // The first version has the address that is right; what is kept of the second is the same in both.
  const kept = await place.call('POST', `/api/v1/runs/${failed.runId}/retry`, { from: 'second', version: 1 });
  expect(kept.status).toBe(201);
  expect((await place.over(kept.json.runId)).json).toMatchObject({ status: 'finished', retryOf: failed.runId });
  expect(far.hits).toEqual(['POST /second']);
  const whole = await place.call('POST', `/api/v1/runs/${failed.runId}/retry`, { version: 1 });
  await place.over(whole.json.runId);
  expect(far.hits).toEqual(['POST /second', 'POST /first', 'POST /second']);
  const wrong = await place.call('POST', `/api/v1/runs/${failed.runId}/retry`, { from: 'nowhere' });
  expect([wrong.status, wrong.json.error.code]).toEqual([400, 'node-unknown']);
});

test('ten who retry a run at the same moment, unless it was retried, retry it once', async () => {
  const tell = { type: 'connect.http-request', params: { method: 'POST', url: `${far.url}/once` } };
  far.answer.status = 500;
  const failed = await start(drawn('Once', { go, tell }, 'go -> tell'), { wait: 20 });
  far.answer.status = 200;
  const ten = Array.from({ length: 10 }, () =>
    place.call('POST', `/api/v1/runs/${failed.json.runId}/retry`, { unlessRetried: true }),
  );
  const told = (await Promise.all(ten)).map(({ status, json }) => (status === 201 ? 201 : json.error.code));
  expect(told.toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 'retried-already')]);
});

test('a failed run that a retry did looked untouched, and its order went out twice: the run, its facts and each list know its retry', async () => {
  const tell = { type: 'connect.http-request', params: { method: 'POST', url: `${far.url}/order` } };
  far.answer.status = 500;
  const failed = await start(drawn('Lost', { go, tell }, 'go -> tell'), { wait: 20 });
  const at = `/api/v1/runs/${failed.json.runId}`;
  const told = async () => {
    const { items } = (await place.call('GET', `/api/v1/runs?workflow=${failed.id}&status=failed&limit=50`)).json;
    const listed = items.find(({ id }: { id: string }) => id === failed.json.runId);
    const alone = (await place.call('GET', at)).json;
    const folded = (await place.call('GET', `${at}/facts`)).json.run;
    return [listed.retriedAs, alone.retriedAs, folded.retriedAs];
  };
  const all = (retry: object | undefined) => [retry, retry, retry];
  expect(await told()).toEqual(all(undefined));
  const bulk = { unlessRetried: true };
  const first = (await place.call('POST', `${at}/retry`, bulk)).json.runId;
  await place.over(first);
  expect(await told()).toEqual(all({ id: first, status: 'failed' }));
  // A retry of the retry does the same work.
  far.answer.status = 200;
  const second = (await place.call('POST', `/api/v1/runs/${first}/retry`, bulk)).json.runId;
  await place.over(second);
  expect(await told()).toEqual(all({ id: second, status: 'finished' }));
  far.hits.length = 0;
  const again = await place.call('POST', `${at}/retry`, bulk);
  expect([again.status, again.json.error.code]).toEqual([409, 'retried-already']);
  expect(far.hits).toEqual([]);
  // Who asks for it by itself gets it, and one that fails takes nothing from the one that finished.
  far.answer.status = 500;
  const third = await place.call('POST', `${at}/retry`, {});
  expect(third.status).toBe(201);
  await place.over(third.json.runId);
  far.answer.status = 200;
  expect(await told()).toEqual(all({ id: second, status: 'finished' }));
  // The retry that failed was retried by the one beside it; the one that finished was not retried.
  const asked = async (id: string) => (await place.call('GET', `/api/v1/runs/${id}`)).json.retriedAs;
  expect(await Promise.all([first, second, third.json.runId].map(asked))).toEqual([
    { id: second, status: 'finished' },
    undefined,
    { id: second, status: 'finished' },
  ]);
});

test('a review is answered once, by an operator, with one of its choices', async () => {
  const ask = { type: 'control.review', params: { title: 'Pay?' } };
  const yes = { type: 'data.set', params: { json: { paid: true } } };
  const { json } = await start(drawn('Review', { go, ask, yes }, 'go -> ask\nask.approved -> yes'));
  const url = `/api/v1/runs/${json.runId}`;
  await expect.poll(async () => (await place.call('GET', url)).json.needs[0]?.kind).toBe('review');
  const answer = (body: object, role: 'viewer' | 'operator' = 'operator') =>
    place.call('POST', `${url}/answer`, { step: 'ask', ...body }, role);
  expect((await answer({ answer: 'approved' }, 'viewer')).status).toBe(403);
  expect((await answer({ answer: 'perhaps' })).json.error.code).toBe('answer-unknown');
  expect((await answer({ answer: 'approved', step: 'nowhere' })).status).toBe(404);
  const both = await Promise.all([answer({ answer: 'approved' }), answer({ answer: 'declined' })]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([204, 409]);
  expect((await place.over(json.runId)).json.status).toBe('finished');
  expect((await answer({ answer: 'approved' })).json.error.code).toBe('answered');
});

test('a file goes into a run with the answer to its question, by an operator, while the run waits', async () => {
  const ask = { type: 'control.review', params: { title: 'Which?', form: [{ name: 'slip', kind: 'file' }] } };
  const read = { type: 'data.from-file', params: { file: '{{ $json.review.values.slip }}', format: 'text' } };
  const { json } = await start(drawn('Slip', { go, ask, read }, 'go -> ask\nask.approved -> read'));
  const url = `/api/v1/runs/${json.runId}`;
  await expect.poll(async () => (await place.call('GET', url)).json.needs[0]?.kind).toBe('review');
  const data = Buffer.from('två rockar').toString('base64');
  const file = { name: 'slip.txt', type: 'text/plain; charset=utf-8', data };
  const keep = (body: object, role: 'viewer' | 'operator' = 'operator') =>
    place.call('POST', `${url}/files`, body, role);
  expect((await keep(file, 'viewer')).status).toBe(403);
  expect((await keep({ ...file, data: 'not base64!' })).status).toBe(400);
  const kept = await keep(file);
  expect([kept.status, kept.json]).toMatchObject([201, { name: 'slip.txt', size: 11 }]);
  const said = { step: 'ask', answer: 'approved', output: { slip: kept.json } };
  expect((await place.call('POST', `${url}/answer`, said)).status).toBe(204);
  const over = await place.over(json.runId);
  expect(JSON.stringify(over.json.output)).toContain('två rockar');
  expect((await keep(file)).json.error.code).toBe('run-over');
});

test('a doubt that is left in a run that is over is answered before it is retried', async () => {
  far.answer.hold = true;
  const tell = {
    type: 'connect.http-request',
    params: { method: 'POST', url: `${far.url}/doubt` },
    settings: { timeout: '300ms' },
  };
  const { json } = await start(drawn('Doubt', { go, tell }, 'go -> tell'));
  const url = `/api/v1/runs/${json.runId}`;
  await expect.poll(async () => (await place.call('GET', url)).json.needs[0]?.kind).toBe('in-doubt');
  far.answer.hold = false;
  await place.call('POST', `${url}/cancel`);
  const early = await place.call('POST', `${url}/retry`, {});
  expect([early.status, early.json.error.code]).toEqual([409, 'doubts']);
  expect(early.json.error.details.doubts).toMatchObject([{ kind: 'in-doubt', step: 'tell' }]);
  const said = { step: 'tell', item: 0, answer: 'sent', output: { counted: true } };
  expect((await place.call('POST', `${url}/answer`, said)).status).toBe(204);
  expect((await place.call('POST', `${url}/answer`, said)).json.error.code).toBe('answered');
  far.hits.length = 0;
  const again = await place.call('POST', `${url}/retry`, { from: 'tell' });
  expect((await place.over(again.json.runId)).json).toMatchObject({ status: 'finished', output: [{ counted: true }] });
  expect(far.hits).toEqual([]);
});

test('the events of a run come live, from where a reader was, to the end', async () => {
  const wait = { type: 'control.wait', params: { for: '1500ms' } };
  const { json } = await start(drawn('Lively', { go, wait }, 'go -> wait'));
  const read = async (after: number) => {
    const response = await place.stream(`/api/v1/runs/${json.runId}/live?after=${after}`);
    return [...response.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  };
  const all = await read(0);
  expect(all).toEqual(Array.from({ length: all.length }, (_, n) => n + 1));
  expect(all.length).toBeGreaterThan(3);
  expect(await read(2)).toEqual(all.slice(2));
});

test('a private address may be called when the workspace says so, and by that workspace alone', async () => {
  const near = await farSide();
  const ask = { type: 'connect.http-request', params: { url: `${near.url}/near` } };
  const { id } = await place.publish(drawn('Near', { go, ask }, 'go -> ask'));
  const run = async () => (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 10 })).json;
  expect(await run()).toMatchObject({ status: 'failed', error: { code: 'egress-denied' } });
  const allowHosts = [new URL(near.url).host];
  expect((await place.call('PUT', '/api/v1/settings', { allowHosts: ['http://x'] })).status).toBe(400);
  expect((await place.call('PUT', '/api/v1/settings', { allowHosts }, 'editor')).status).toBe(403);
  expect((await place.call('PUT', '/api/v1/settings', { allowHosts })).json).toEqual({ allowHosts });
  expect((await place.call('GET', '/api/v1/settings', undefined, 'stranger')).json).toEqual({ allowHosts: [] });
  await expect.poll(async () => (await run()).status, { interval: 500 }).toBe('finished');
  expect(near.hits).toEqual(['GET /near']);
  near.close();
});

test('another workspace finds no run, and acts on none', async () => {
  const wait = { type: 'control.wait', params: { for: '1h' } };
  const { json } = await start(drawn('Mine', { go, wait }, 'go -> wait'));
  for (const [method, rest, body] of [
    ['GET', ''],
    ['GET', '/steps'],
    ['GET', '/events'],
    ['GET', '/live'],
    ['POST', '/cancel', {}],
    ['POST', '/retry', {}],
    ['POST', '/answer', { step: 'wait', answer: 'again' }],
  ] as const)
    expect((await place.call(method, `/api/v1/runs/${json.runId}${rest}`, body, 'stranger')).status, rest).toBe(404);
  expect((await place.call('GET', `/api/v1/runs/${json.runId}`)).json.status).toBe('waiting');
});
