import { afterAll, beforeAll, expect, test } from 'vitest';
import { NoConnection } from '../db/pool-shares.ts';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

let place: TestServer;
beforeAll(async () => void (place = await openPlace()));
afterAll(() => place[Symbol.asyncDispose]());

const echo = (name: string, value: unknown = '{{ $json.body }}') =>
  drawn(
    name,
    {
      hook: { type: 'start.webhook', params: { path: name.toLowerCase(), reply: 'respond' } },
      reply: { type: 'control.respond', params: { with: 'json', value } },
    },
    'hook -> reply',
  );

test('a workflow is made, read, saved and listed; params that do not fit are Issues', async () => {
  const made = await place.call('POST', '/api/v1/workflows', {
    document: drawn('First', { a: { type: 'start.webhook' } }),
  });
  expect(made.status).toBe(201);
  expect(made.json.issues).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ level: 'error', where: expect.objectContaining({ node: 'a' }) }),
    ]),
  );
  const { id } = made.json;
  const saved = await place.call('PUT', `/api/v1/workflows/${id}`, { document: echo('First'), revision: 1 });
  expect(saved.json).toMatchObject({ id, revision: 2, issues: [] });
  const read = await place.call('GET', `/api/v1/workflows/${id}`);
  expect(read.json).toMatchObject({ id, name: 'First', revision: 2, published: null, document: echo('First') });
  const { items } = (await place.call('GET', '/api/v1/workflows')).json;
  expect(items).toContainEqual(expect.objectContaining({ id, name: 'First', lastRuns: [], nextFire: null, needs: 0 }));
});

test('the list says what the editor’s bar says: whether publishing would change what runs or titles; layout and order do not count', async () => {
  const { id } = await place.publish(echo('Changes'));
  const listed = async () =>
    (await place.call('GET', '/api/v1/workflows')).json.items.find((one: { id: string }) => one.id === id);
  const save = (document: object, revision: number) =>
    place.call('PUT', `/api/v1/workflows/${id}`, { document, revision });
  expect(await listed()).toMatchObject({
    changed: false,
    triggers: [
      {
        key: 'hook',
        type: 'start.webhook',
        url: expect.stringContaining('/hooks/main/changes'),
        path: 'changes',
        methods: ['POST'],
      },
    ],
  });
  await save({ ...echo('Changes'), notes: [{ id: 'n', text: 'Mind the gap', at: [0, 0] }] }, 1);
  expect(await listed()).toMatchObject({ changed: false, revision: 2 });
  await save(echo('Changes', 'other'), 2);
  expect(await listed()).toMatchObject({ changed: true, published: 1 });
  await place.call('POST', `/api/v1/workflows/${id}/publish`);
  expect(await listed()).toMatchObject({ changed: false, published: 2 });
  // What merging arranges is none; titles are: who reads the live version would see the old ones.
  const other = echo('Changes', 'other');
  await save({ ...other, nodes: other.nodes.toReversed() }, 3);
  expect(await listed()).toMatchObject({ changed: false, published: 2, revision: 4 });
  const titled = { ...other, nodes: other.nodes.map((node) => ({ ...node, title: 'Step' })) };
  await save(titled, 4);
  expect(await listed()).toMatchObject({ changed: true, published: 2 });
  // Publishing brought none of them, so that the change stood in the bar for ever. It is the same version, for it runs as before.
  await place.call('POST', `/api/v1/workflows/${id}/publish`);
  expect(await listed()).toMatchObject({ changed: false, published: 2 });
  const live = await place.call('GET', `/api/v1/workflows/${id}/versions/2`);
  expect(live.json.document.nodes).toMatchObject([{ title: 'Step' }, { title: 'Step' }]);
  await place.call('POST', `/api/v1/workflows/${id}/unpublish`);
  expect(await listed()).toMatchObject({ changed: true, published: null });
});

test('a stale save is a 409 that brings the newer document, and changes nothing (M7)', async () => {
  const { id } = (await place.call('POST', '/api/v1/workflows', { document: echo('Mine') })).json;
  await place.call('PUT', `/api/v1/workflows/${id}`, { document: echo('Theirs'), revision: 1 });
  const late = await place.call('PUT', `/api/v1/workflows/${id}`, { document: echo('Mine2'), revision: 1 });
  expect(late.status).toBe(409);
  expect(late.json.error).toMatchObject({ code: 'stale', details: { revision: 2, document: { name: 'Theirs' } } });
  expect((await place.call('GET', `/api/v1/workflows/${id}`)).json).toMatchObject({ name: 'Theirs', revision: 2 });
});

test('of twenty saves at once over one revision exactly one is taken', async () => {
  const { id } = (await place.call('POST', '/api/v1/workflows', { document: echo('Race') })).json;
  const saves = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      place.call('PUT', `/api/v1/workflows/${id}`, { document: echo(`Race${n}`), revision: 1 }),
    ),
  );
  expect(saves.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(19).fill(409)]);
});

test.each([
  [{ document: { heddle: 1, name: 'X', nodes: [], edges: [], owner: 'me' } }, 'document-invalid'],
  [{ document: 'nonsense' }, 'document-invalid'],
  [{ document: echo('X'), id: 'workflow_mine' }, 'invalid'],
  [undefined, 'body-missing'],
])('what the envelope does not know is refused: %j', async (body, code) => {
  const answer = await place.call('POST', '/api/v1/workflows', body);
  expect([answer.status, answer.json.error.code]).toEqual([400, code]);
});

test('publishing makes a version; the same meaning is the same version; each version is kept as it was', async () => {
  const { id, version, triggers } = await place.publish(echo('Versions', 1));
  expect(version).toBe(1);
  expect(triggers).toEqual([
    { key: 'hook', type: 'start.webhook', url: expect.stringMatching(/\/hooks\/main\/versions$/) },
  ]);
  expect((await place.call('POST', `/api/v1/workflows/${id}/publish`)).json.version).toBe(1);
  await place.call('PUT', `/api/v1/workflows/${id}`, { document: echo('Versions', 2), revision: 1 });
  expect((await place.hook('/hooks/main/versions', { method: 'POST' })).json).toBe(1);
  expect((await place.call('POST', `/api/v1/workflows/${id}/publish`, { note: 'two' })).json.version).toBe(2);
  expect((await place.hook('/hooks/main/versions', { method: 'POST' })).json).toBe(2);
  const { items } = (await place.call('GET', `/api/v1/workflows/${id}/versions`)).json;
  expect(items).toMatchObject([
    { version: 2, isPublished: true, note: 'two' },
    { version: 1, isPublished: false },
  ]);
  const { words } = (await place.call('GET', `/api/v1/workflows/${id}/compare?from=1&to=2`)).json;
  expect(words).toEqual(['reply: value changed from 1 to 2.']);
  const restored = await place.call('POST', `/api/v1/workflows/${id}/versions/1/restore`);
  expect(restored.json).toMatchObject({ revision: 3 });
  // Back to what version 1 meant is version 1 again.
  expect((await place.call('POST', `/api/v1/workflows/${id}/publish`)).json.version).toBe(1);
  expect((await place.call('GET', `/api/v1/workflows/${id}/versions/1`)).json).toMatchObject({
    document: echo('Versions', 1),
    manifest: { powers: [] },
  });
});

test('a document with errors is not published, and says which', async () => {
  const { id } = (
    await place.call('POST', '/api/v1/workflows', { document: drawn('Wrong', { a: { type: 'no.such' } }) })
  ).json;
  const answer = await place.call('POST', `/api/v1/workflows/${id}/publish`);
  expect(answer.status).toBe(422);
  expect(answer.json.error).toMatchObject({ code: 'issues', details: { issues: [{ level: 'error' }] } });
});

test('a blank name is refused, and the workflow keeps the one it has', async () => {
  const made = await place.call('POST', '/api/v1/workflows', { document: { ...echo('Blank'), name: ' ' } });
  expect([made.status, made.json.error.mend]).toEqual([400, 'Enter a name.']);
  const { id, revision } = (await place.call('POST', '/api/v1/workflows', { document: echo('Named') })).json;
  const renamed = { document: { ...echo('Named'), name: ' \u00A0' }, revision };
  const saved = await place.call('PUT', `/api/v1/workflows/${id}`, renamed);
  expect([saved.status, saved.json.error.mend]).toEqual([400, 'Enter a name.']);
  expect((await place.call('GET', `/api/v1/workflows/${id}`)).json.document.name).toBe('Named');
});

test('a path belongs to one workflow, and rests when it was given up', async () => {
  const first = await place.publish(echo('Taken'));
  const second = (await place.call('POST', '/api/v1/workflows', { document: { ...echo('Taken'), name: 'B' } })).json;
  const publish = (body?: object) => place.call('POST', `/api/v1/workflows/${second.id}/publish`, body);
  expect((await publish()).json.error).toMatchObject({ code: 'path-taken', details: { workflow: first.id } });
  await place.call('POST', `/api/v1/workflows/${first.id}/unpublish`);
  expect((await place.hook('/hooks/main/taken', { method: 'POST' })).status).toBe(404);
  const resting = await publish();
  expect([resting.status, resting.json.error.code]).toEqual([409, 'path-taken']);
  // Its own workflow takes it up again, and who knows what they do may take it over.
  expect((await place.call('POST', `/api/v1/workflows/${first.id}/publish`)).status).toBe(200);
  await place.call('POST', `/api/v1/workflows/${first.id}/unpublish`);
  expect((await publish({ takePaths: true })).status).toBe(200);
});

test('a path that two triggers share by method rests once, and is taken up again by both', async () => {
  const hook = (method: string) => ({ type: 'start.webhook', params: { path: 'shared', methods: [method] } });
  const { id } = await place.publish(drawn('Shared', { get: hook('GET'), post: hook('POST'), put: hook('PUT') }));
  const publish = (workflow: string) => place.call('POST', `/api/v1/workflows/${workflow}/publish`);
  expect((await place.call('POST', `/api/v1/workflows/${id}/unpublish`)).status).toBe(200);
  const other = (await place.call('POST', '/api/v1/workflows', { document: drawn('Other', { get: hook('GET') }) }))
    .json;
  const { error } = (await publish(other.id)).json;
  expect(error).toMatchObject({ code: 'path-taken', details: { workflow: id, until: expect.any(String) } });
  expect((await publish(id)).status).toBe(200);
  expect((await publish(other.id)).json.error.message).toContain('belongs to another workflow');
});

test('of two workflows that are published at once with one path one gets it', async () => {
  const ids = await Promise.all(
    ['P', 'Q', 'R', 'S'].map(
      async (name) => (await place.call('POST', '/api/v1/workflows', { document: { ...echo('Both'), name } })).json.id,
    ),
  );
  const answers = await Promise.all(ids.map((id) => place.call('POST', `/api/v1/workflows/${id}/publish`)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
});

test('another workspace finds none of it', async () => {
  const { id } = await place.publish(echo('Private'));
  for (const [method, url, body] of [
    ['GET', `/api/v1/workflows/${id}`],
    ['PUT', `/api/v1/workflows/${id}`, { document: echo('Private'), revision: 1 }],
    ['DELETE', `/api/v1/workflows/${id}`],
    ['POST', `/api/v1/workflows/${id}/publish`],
    ['POST', `/api/v1/workflows/${id}/unpublish`],
    ['POST', `/api/v1/workflows/${id}/runs`, {}],
    ['GET', `/api/v1/workflows/${id}/versions`],
  ] as const)
    expect((await place.call(method, url, body, 'stranger')).status, `${method} ${url}`).toBe(404);
  expect((await place.call('GET', '/api/v1/workflows', undefined, 'stranger')).json).toEqual({ items: [] });
  expect((await place.hook('/hooks/other/private', { method: 'POST' })).status).toBe(404);
  expect((await place.hook('/hooks/main/private', { method: 'POST', body: '1', headers: json })).json).toBe(1);
});

const json = { 'content-type': 'application/json' };

test('a run goes on with the version it began with; deleting ends what is under way, with the reason (F27)', async () => {
  const slow = (n: number) =>
    drawn(
      'Slow',
      {
        go: { type: 'start.manual' },
        wait: { type: 'control.wait', params: { for: '1h' } },
        set: { type: 'data.set', params: { json: { n } } },
      },
      'go -> wait\nwait -> set',
    );
  const { id } = await place.publish(slow(1));
  const { runId } = (await place.call('POST', `/api/v1/workflows/${id}/runs`, {})).json;
  await place.call('PUT', `/api/v1/workflows/${id}`, { document: slow(2), revision: 1 });
  await place.call('POST', `/api/v1/workflows/${id}/publish`);
  expect((await place.call('GET', `/api/v1/runs/${runId}`)).json).toMatchObject({ version: 1 });
  expect((await place.call('DELETE', `/api/v1/workflows/${id}`)).status).toBe(204);
  const ended = await place.over(runId);
  expect(ended.json).toMatchObject({ status: 'cancelled', error: { code: 'cancelled', message: 'deleted' } });
  expect((await place.call('GET', `/api/v1/workflows/${id}`)).status).toBe(404);
});

test('a workflow calls another by name, in the version that is published', async () => {
  await place.publish(
    drawn(
      'Child',
      { in: { type: 'start.called' }, set: { type: 'data.set', params: { json: { twice: '{{ $json.n * 2 }}' } } } },
      'in -> set',
    ),
  );
  const { id } = await place.publish(
    drawn(
      'Parent',
      { go: { type: 'start.manual' }, call: { type: 'control.call', params: { workflow: 'Child', mode: 'each' } } },
      'go -> call',
    ),
  );
  const input = [{ n: 1 }, { n: 2 }];
  const run = await place.call('POST', `/api/v1/workflows/${id}/runs`, { input, wait: 20 });
  expect([run.status, run.json.output]).toMatchObject([200, [{ twice: 2 }, { twice: 4 }]]);
});

test('a database that does not answer for a moment while a call looks for its workflow fails no run', async () => {
  const called = await place.publish(drawn('Looked for', { start: { type: 'start.called' } }));
  const calls = { go: { type: 'start.manual' }, call: { type: 'control.call', params: { workflow: called.id } } };
  const { id } = await place.publish(drawn('Looks', calls, 'go -> call'));
  const { shares } = place.opened.ground.database.app;
  const take = shares.take.bind(shares);
  const refused = { now: false, times: 0 };
  // Each question of a run is answered the second time only.
  shares.take = (workspace, work, asker) => {
    refused.now = asker === 'run' && !refused.now;
    if (!refused.now) return take(workspace, work, asker);
    refused.times++;
    return Promise.reject(new NoConnection(workspace, 1));
  };
  try {
    const run = await place.call('POST', `/api/v1/workflows/${id}/runs`, { input: [{ n: 1 }], wait: 20 });
    expect([run.status, run.json.error, run.json.status]).toEqual([200, undefined, 'finished']);
    expect(refused.times).toBeGreaterThanOrEqual(2);
  } finally {
    shares.take = take;
  }
});

test('who waits for a run of a workflow that is deleted goes on with its end at once, before anything is swept', async () => {
  await using slow = await openPlace({ env: { HEDDLE_SWEEP: '3600' } });
  const waits = { start: { type: 'start.called' }, wait: { type: 'control.wait', params: { for: '1h' } } };
  const called = await slow.publish(drawn('Deleted', waits, 'start -> wait'));
  const calls = { go: { type: 'start.manual' }, call: { type: 'control.call', params: { workflow: called.id } } };
  const { id } = await slow.publish(drawn('Calls the deleted', calls, 'go -> call'));
  const { runId } = (await slow.call('POST', `/api/v1/workflows/${id}/runs`)).json;
  const statusOf = async (run: string) => (await slow.call('GET', `/api/v1/runs/${run}`)).json.status;
  const children = async () => (await slow.call('GET', `/api/v1/runs?parent=${runId}`)).json.items;
  await expect.poll(children).toMatchObject([{ status: 'waiting' }]);
  // A child may wait before its parent does, which only a sweep would find.
  await expect.poll(() => statusOf(runId)).toBe('waiting');
  expect((await slow.call('DELETE', `/api/v1/workflows/${called.id}`)).status).toBe(204);
  expect(await children()).toMatchObject([{ status: 'cancelled' }]);
  await expect.poll(() => statusOf(runId)).toBe('failed');
});

test('three workflows that call each other in a circle: who closes it is told while drawing and on publishing, the others when they are opened; a condition in one of them mends all', async () => {
  const start = { type: 'start.called' };
  const calls = (workflow: string) => ({ type: 'control.call', params: { workflow } });
  const first = await place.publish(drawn('Circle A', { start, next: calls('Circle B') }, 'start -> next'));
  await place.publish(drawn('Circle B', { start, next: calls('Circle C') }, 'start -> next'));
  const endless = ({ issues, warnings }: Record<'issues' | 'warnings', { code: string; message: string }[]>) =>
    (issues ?? warnings ?? []).filter(({ code }) => code === 'endless-recursion').map(({ message }) => message);
  const open = async (id: string) => endless((await place.call('GET', `/api/v1/workflows/${id}`)).json);
  expect(await open(first.id)).toEqual([]);
  const document = drawn('Circle C', { start, next: calls(first.id) }, 'start -> next');
  const made = (await place.call('POST', '/api/v1/workflows', { document })).json;
  const ofC =
    'Each run comes to Call workflow, which runs “Circle A”, which runs “Circle B”, which runs this workflow again, and so on without an end.';
  expect(endless(made)).toEqual([ofC]);
  expect(await open(first.id)).toEqual([]);
  const published = await place.call('POST', `/api/v1/workflows/${made.id}/publish`);
  expect([published.status, endless(published.json)]).toEqual([200, [ofC]]);
  const again = await place.call('POST', `/api/v1/workflows/${made.id}/publish`, { version: 1 });
  expect(endless(again.json)).toEqual([ofC]);
  expect(await open(first.id)).toEqual([
    expect.stringContaining('which runs “Circle B”, which runs “Circle C”, which'),
  ]);
  const listed = (await place.call('GET', '/api/v1/workflows')).json.items;
  expect(listed.find(({ id }: { id: string }) => id === made.id).calls).toEqual([
    { node: 'next', workflow: first.id, always: true },
  ]);
  const some = {
    type: 'rules.if',
    params: { where: { all: [{ left: '{{ $json.left }}', op: 'gt', right: 0 }] } },
  };
  const mended = drawn('Circle C', { start, some, next: calls(first.id) }, 'start -> some\nsome.true -> next');
  const saved = await place.call('PUT', `/api/v1/workflows/${made.id}`, { document: mended, revision: 1 });
  expect(endless(saved.json)).toEqual([]);
  expect(await open(first.id)).toHaveLength(1);
  expect((await place.call('POST', `/api/v1/workflows/${made.id}/publish`)).json).toMatchObject({ version: 2 });
  expect(await open(first.id)).toEqual([]);
});
