import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import { OwnNodes, wordNode } from './testing.ts';

// A workspace's own node, as a second source of the catalogue: found, compiled, run and pinned; nobody else's; changed under its version.
const own = new OwnNodes();
let place: TestServer;
beforeAll(async () => void (place = await openPlace({ sources: [own] })));
afterAll(() => place[Symbol.asyncDispose]());

let first: string;
beforeEach(() => void (first = own.put('ws_main', wordNode('first'), 'first')));

/** Each of them has a plan of its own, by the name in it. */
const document = (name: string) =>
  drawn(
    name,
    {
      go: { type: 'start.manual' },
      before: { type: 'data.set', params: { json: { of: name }, keep: 'none' } },
      say: { type: 'own.word' },
    },
    `go -> before
     before -> say`,
  );
const run = async (id: string, more: object = {}) =>
  (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 20, ...more })).json;
const planOf = async (runId: string) => {
  const { plan } = (await place.call('GET', `/api/v1/runs/${runId}/facts`)).json;
  return (await place.call('GET', `/api/v1/plans/${plan}`)).json.plan;
};

test('a workspace’s own node is found, compiled, run and pinned by its content', async () => {
  const { id } = await place.publish(document('Own'));
  const ran = await run(id);
  expect(ran).toMatchObject({ status: 'finished', output: [{ of: 'Own', word: 'first' }] });
  const { nodes } = await planOf(ran.runId);
  expect(nodes.say).toMatchObject({ type: 'own.word', version: 1, content: first });
  // A version of this build says what it does: no plan changes its fingerprint by a corrected sentence on a card.
  expect(nodes.before).not.toHaveProperty('content');
  expect((await place.call('GET', '/api/v1/nodes/own.word')).json).toMatchObject({ title: 'Word', content: first });
  const { items } = (await place.call('GET', '/api/v1/nodes/index')).json;
  expect(items.at(-1)).toMatchObject({ type: 'own.word', content: first, family: 'connector' });
});

test('another workspace does not see it: not in its lists, not in its documents, not in its runs', async () => {
  const other = (method: string, url: string, body?: unknown) => place.call(method, url, body, 'stranger');
  expect((await other('GET', '/api/v1/nodes/own.word')).status).toBe(404);
  for (const url of ['/api/v1/nodes', '/api/v1/nodes/index', '/api/v1/nodes?types=own.word,data.set']) {
    const types = (await other('GET', url)).json.items.map(({ type }: { type: string }) => type);
    expect(types).toContain('data.set');
    expect(types).not.toContain('own.word');
  }
  const made = (await other('POST', '/api/v1/workflows', { document: document('Theirs') })).json;
  expect(made.issues).toMatchObject([{ level: 'error', code: 'unknown-type', where: { node: 'say' } }]);
  expect((await other('POST', `/api/v1/workflows/${made.id}/publish`)).json.error.code).toBe('issues');
  expect((await other('POST', `/api/v1/workflows/${made.id}/runs`, { draft: true })).json.error.code).toBe('issues');
});

test('changed under its version, it runs as it was in what was published, and as it is in drafts and what is published next', async () => {
  const { id } = await place.publish(document('Changes'));
  const second = own.put('ws_main', wordNode('second'), 'second');
  expect((await run(id)).output).toEqual([{ of: 'Changes', word: 'first' }]);
  expect((await run(id, { draft: true })).output).toEqual([{ of: 'Changes', word: 'second' }]);
  const again = await place.call('POST', `/api/v1/workflows/${id}/publish`);
  // The document is the same and does something else: it is a version of its own.
  expect(again.json).toMatchObject({ version: 2 });
  const ran = await run(id);
  expect(ran.output).toEqual([{ of: 'Changes', word: 'second' }]);
  expect((await planOf(ran.runId)).nodes.say.content).toBe(second);
  const back = await place.call('POST', `/api/v1/workflows/${id}/publish`, { version: 1 });
  expect(back.json).toMatchObject({ version: 1 });
  expect((await run(id)).output).toEqual([{ of: 'Changes', word: 'first' }]);
});

test('what was pinned and is not kept any more is never replaced by what is there: the run waits, and the version goes live no more', async () => {
  const { id } = await place.publish(document('Gone'));
  own.put('ws_main', wordNode('second'), 'second');
  await place.call('POST', `/api/v1/workflows/${id}/publish`);
  own.forget('ws_main', first);
  const refused = await place.call('POST', `/api/v1/workflows/${id}/publish`, { version: 1 });
  expect([refused.status, refused.json.error]).toMatchObject([
    422,
    { code: 'issues', message: 'say ran own.word in a form that is not kept any more.' },
  ]);
  // It is live as it was: version 2.
  expect((await run(id)).output).toEqual([{ of: 'Gone', word: 'second' }]);
});

test('a run whose pinned node went away meanwhile waits for it, says so, and goes on when it is back', async () => {
  const { id } = await place.publish(document('Waits'));
  own.put('ws_main', wordNode('second'), 'second');
  own.forget('ws_main', first);
  const { runId } = (await place.call('POST', `/api/v1/workflows/${id}/runs`, {})).json;
  const seen = async () => (await place.call('GET', `/api/v1/runs/${runId}`)).json;
  await expect.poll(async () => (await seen()).status).toBe('waiting');
  expect(await seen()).toMatchObject({
    needs: [{ kind: 'missing-node', node: 'say', details: { type: 'own.word', version: 1, content: first } }],
  });
  own.put('ws_main', wordNode('first'), 'first');
  const answered = await place.call('POST', `/api/v1/runs/${runId}/answer`, { step: 'say', answer: 'again' });
  expect(answered.status).toBe(204);
  expect((await place.over(runId)).json).toMatchObject({
    status: 'finished',
    output: [{ of: 'Waits', word: 'first' }],
  });
});

test('nobody’s own node takes the place of one of this build', async () => {
  own.put('ws_main', wordNode('mine', 'data.set'), 'mine');
  const card = (await place.call('GET', '/api/v1/nodes/data.set')).json;
  expect([card.title, card.content]).not.toContain('Word');
  expect(card.content).toBeUndefined();
  const { id } = await place.publish(document('Plain'));
  expect((await run(id)).output).toEqual([{ of: 'Plain', word: 'first' }]);
});
