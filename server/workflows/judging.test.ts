import { afterAll, beforeAll, expect, test } from 'vitest';
import { judge, readWorkflow as readHere } from '../../flow/check/judge.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { longestTurn } from '../text/testing/longest-turn.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';
import type { Elsewhere } from './judging.ts';
import { publishWorkflow } from './publish.ts';
import { createWorkflow, readWorkflow, saveWorkflow } from './store.ts';

// Documents that take long hold the server's thread no longer than others do, and are judged whole all the same.

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const start = { begin: { type: 'start.manual' } };
const nodesOf = (count: number, node: (n: number) => { type: string; params: object }) =>
  Object.fromEntries(range(count).map((n) => [`n${n}`, node(n)]));
const rowOf = (count: number) =>
  range(count)
    .map((n) => `${n === 0 ? 'begin' : `n${n - 1}`} -> n${n}`)
    .join('\n');

/** What was sent to hold the server up: each of these for a second or so. */
const long: Readonly<Record<string, () => object>> = {
  'fields of Set nodes': () =>
    drawn(
      'Fields',
      {
        ...start,
        ...nodesOf(2, () => ({
          type: 'data.set',
          params: { fields: range(5_000).map((n) => ({ name: `f${n}`, type: 'string', value: 'x' })) },
        })),
      },
      rowOf(2),
    ),
  'JSON with expressions': () =>
    drawn(
      'Json',
      {
        hook: { type: 'start.webhook', params: { path: 'json', reply: 'respond' } },
        reply: {
          type: 'control.respond',
          params: { with: 'json', value: `[${'{"a": {{ $json.a }}, "b": 1},'.repeat(3_300)}x]` },
        },
      },
      'hook -> reply',
    ),
  'webhooks and Respond nodes': () =>
    drawn(
      'Hooks',
      {
        ...Object.fromEntries(
          range(900).map((n) => [`h${n}`, { type: 'start.webhook', params: { path: `p${n}`, reply: 'respond' } }]),
        ),
        ...Object.fromEntries(range(900).map((n) => [`r${n}`, { type: 'control.respond', params: {} }])),
      },
      range(900)
        .map((n) => `h${n} -> r${n}`)
        .join('\n'),
    ),
  'fields that nodes do not know': () =>
    drawn(
      'Strange',
      {
        ...start,
        ...nodesOf(3, () => ({
          type: 'data.set',
          params: { fields: [], ...Object.fromEntries(range(10_000).map((n) => [`zz${n}`, 1])) },
        })),
      },
      rowOf(3),
    ),
  patterns: () =>
    drawn(
      'Patterns',
      {
        ...start,
        ...nodesOf(20, (n) => ({
          type: 'rules.if',
          params: {
            where: { left: '{{ $json.a }}', op: 'matches', right: `(?i)${'[\\pL\\pN\\pS]'.repeat(150)}${n}` },
          },
        })),
      },
      rowOf(20),
    ),
};

/** What holds each time it is sent is held for; garbage of the test's own and first uses of code are once. */
const tries = 3;
const heldMost = 250;

test.each(Object.keys(long))(
  'saving, reading and publishing %s holds nobody up',
  async (name) => {
    const document = JSON.stringify({ document: long[name]?.() });
    const made = await place.call('POST', '/api/v1/workflows', document);
    expect(made.status).toBe(201);
    const where = `/api/v1/workflows/${made.json.id}`;
    const saving = document.replace('{"document"', '{"revision":REVISION,"document"');
    let revision = 1;
    const acts = {
      save: async () => {
        const saved = await place.call('PUT', where, saving.replace('REVISION', String(revision)));
        expect(saved.status).toBe(200);
        revision = saved.json.revision;
      },
      read: async () => expect((await place.call('GET', where)).status).toBe(200),
      publish: async () => expect([200, 422]).toContain((await place.call('POST', `${where}/publish`)).status),
    };
    const held: Record<string, number> = {};
    for (const [what, act] of Object.entries(acts)) {
      held[what] = Infinity;
      for (let tried = 0; tried < tries && held[what] > heldMost; tried++)
        held[what] = Math.min(held[what], await longestTurn(act()));
    }
    expect(Math.max(...Object.values(held)), JSON.stringify(held)).toBeLessThan(heldMost);
  },
  300_000,
);

/** Longer than is worked out here. */
const large = (name: string, value = 'a') =>
  drawn(name, { ...start, n0: { type: 'data.set', params: { json: { text: value.repeat(300_000) } } } }, 'begin -> n0');

const draftsWith = (compute: Elsewhere) => ({
  database: place.opened.ground.database,
  ...place.opened.catalogue,
  compute,
});
const url = 'http://localhost';

/** Works documents out here, as the pool would elsewhere. */
const atHand: NonNullable<Elsewhere> = {
  read: async (_workspace, given) => readHere(given),
  judge: async (_workspace, { document, context, asked }) => {
    const { catalogue } = await place.opened.catalogue.catalogueOf('ws_main');
    return judge(document, catalogue, context, asked);
  },
};

test('a draft that is saved while it is worked out to be published is worked out again', async () => {
  const { id } = await createWorkflow(draftsWith(atHand), 'ws_main', large('Moves'), undefined);
  const save = (revision: number) =>
    saveWorkflow(draftsWith(atHand), 'ws_main', id, { document: large('Moves', 'b'), revision });
  let judged = 0;
  const slow: Elsewhere = {
    read: atHand.read,
    judge: async (...asked) => {
      const one = await atHand.judge(...asked);
      if (++judged === 1) await save(1);
      return one;
    },
  };
  const published = await publishWorkflow(draftsWith(slow), 'ws_main', id, { url });
  expect([published.version, judged]).toEqual([1, 2]);
  const version = await place.call('GET', `/api/v1/workflows/${id}/versions/1`);
  expect(version.json.document.nodes[1].params.json.text.startsWith('b')).toBe(true);
});

test('a draft that is saved each time it was worked out is not published: it moved on', async () => {
  const { id } = await createWorkflow(draftsWith(atHand), 'ws_main', large('Restless'), undefined);
  let revision = 1;
  const restless: Elsewhere = {
    read: atHand.read,
    judge: async (...asked) => {
      const one = await atHand.judge(...asked);
      const document = large('Restless', String(revision));
      revision = (await saveWorkflow(draftsWith(atHand), 'ws_main', id, { document, revision })).revision;
      return one;
    },
  };
  const published = publishWorkflow(draftsWith(restless), 'ws_main', id, { url });
  await expect(published).rejects.toMatchObject({ status: 409, code: 'stale' });
  expect((await place.call('GET', `/api/v1/workflows/${id}`)).json.published).toBe(null);
});

test('what nobody has the time to check is saved and says so, and is not published for the moment', async () => {
  const killed = async () => Promise.reject(new Fault('compute.killed', 'The process ended.'));
  const lost: Elsewhere = { read: atHand.read, judge: killed };
  const { id, issues } = await createWorkflow(draftsWith(lost), 'ws_main', large('Busy'), undefined);
  expect(issues).toMatchObject([{ code: 'not-checked', level: 'error' }]);
  expect((await readWorkflow(draftsWith(lost), 'ws_main', id)).issues).toEqual(issues);
  await expect(publishWorkflow(draftsWith(lost), 'ws_main', id, { url })).rejects.toMatchObject({
    status: 503,
    code: 'busy',
    more: { headers: { 'retry-after': '5' } },
  });
  expect((await place.call('GET', `/api/v1/workflows/${id}`)).json).toMatchObject({
    issues: [{ code: 'large-params' }],
    revision: 1,
  });
});

test('what takes too long wherever it is checked is saved and says so, and is refused to be published with that', async () => {
  const beyond = async () => Promise.reject(new Fault('compute.limit', 'It needs too much.'));
  const small: Elsewhere = { read: atHand.read, judge: beyond };
  const { id, issues } = await createWorkflow(draftsWith(small), 'ws_main', large('Beyond'), undefined);
  expect(issues).toMatchObject([{ code: 'too-much-to-check', level: 'error' }]);
  await expect(publishWorkflow(draftsWith(small), 'ws_main', id, { url })).rejects.toMatchObject({
    status: 422,
    code: 'issues',
    more: { details: { issues } },
  });
});

test('what is worked out elsewhere holds no connection of the database meanwhile', async () => {
  const { id } = await createWorkflow(draftsWith(atHand), 'ws_main', large('Waits'), undefined);
  const others = async () => expect((await place.call('GET', '/api/v1/workflows')).status).toBe(200);
  const waiting: Elsewhere = {
    read: atHand.read,
    // As many as there may be connections, and they go on all the same.
    judge: async (...asked) => {
      await others();
      return atHand.judge(...asked);
    },
  };
  const many = range(30).map(() => readWorkflow(draftsWith(waiting), 'ws_main', id));
  const publishing = publishWorkflow(draftsWith(waiting), 'ws_main', id, { url });
  expect((await Promise.all(many)).every(({ issues }) => issues[0]?.code === 'large-params')).toBe(true);
  expect((await publishing).version).toBe(1);
});
