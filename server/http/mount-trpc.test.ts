import { expect, test } from 'vitest';
import * as z from 'zod';
import { procedure, router } from './procedure.ts';
import { Refusal } from './refusal.ts';
import { openBare } from './testing/bare.ts';

const json = { 'content-type': 'application/json', 'x-caller': 'editor' };
let ended = 0;

const things = router({
  things: router({
    one: procedure('viewer')
      .input(z.strictObject({ id: z.string() }))
      .query(({ ctx, input }) => ({ ...input, workspace: ctx.workspace, by: ctx.caller.role })),
    keep: procedure('editor')
      .input(z.strictObject({ value: z.unknown() }))
      .mutation(({ input }) => input),
    refuse: procedure('viewer').query(() => {
      throw new Refusal(409, 'stale', 'It has changed.', { mend: 'Load it anew.', details: { revision: 3 } });
    }),
    away: procedure('viewer').query(() => {
      throw Object.assign(new Error('Failed query'), { code: 'ECONNREFUSED' });
    }),
    fail: procedure('viewer').query(() => {
      throw new Error('select secret');
    }),
    watch: procedure('viewer').subscription(async function* ({ signal }) {
      try {
        yield 1;
        await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      } finally {
        ended++;
      }
    }),
  }),
});

const open = () => openBare({ router: things });

test('a procedure is called as its caller, in the caller’s workspace', async () => {
  await using http = await open();
  const answer = await http.app.inject({ url: '/trpc/things.one?input={"id":"a"}', headers: json });
  expect(answer.json().result.data).toEqual({ id: 'a', workspace: 'ws_test', by: 'editor' });
});

test.each([
  ['nobody', 'things.one?input={"id":"a"}', 'GET', undefined, 401, 'unauthenticated'],
  ['a role too low', 'things.keep', 'POST', 'viewer', 403, 'forbidden'],
  ['input that does not fit', 'things.one?input={"id":1}', 'GET', 'viewer', 400, 'invalid'],
  ['an unknown field', 'things.one?input={"id":"a","role":"owner"}', 'GET', 'viewer', 400, 'invalid'],
  ['a refusal', 'things.refuse', 'GET', 'viewer', 409, 'stale'],
  ['a database that is away', 'things.away', 'GET', 'viewer', 503, 'database-away'],
  ['a bug', 'things.fail', 'GET', 'viewer', 500, 'our-fault'],
  ['a change by GET', 'things.keep?input={}', 'GET', 'editor', 405, 'method-not-supported'],
  ['an unknown name', 'things.none', 'GET', 'viewer', 404, 'not-found'],
] as const)('%s answers in the shape of every error', async (_name, url, method, caller, status, code) => {
  await using http = await open();
  const headers = { 'content-type': 'application/json', ...(caller ? { 'x-caller': caller } : {}) };
  const answer = await http.app.inject({
    method,
    url: `/trpc/${url}`,
    headers,
    ...(method === 'POST' ? { payload: '{}' } : {}),
  });
  expect([answer.statusCode, answer.json().error.data.error.code], answer.body).toEqual([status, code]);
  expect(answer.body).not.toMatch(/secret|stack|Failed query/);
  expect(http.logged.length).toBe(status === 500 ? 1 : 0);
});

test('a body passes the caps, and what a double cannot hold stays', async () => {
  await using http = await open();
  const send = (payload: string) =>
    http.app.inject({ method: 'POST', url: '/trpc/things.keep', headers: json, payload });
  expect((await send('{"value":[12345678901234567890,"\\u0000"]}')).json().result.data).toEqual({
    value: ['12345678901234567890', '\ufffd'],
  });
  expect((await send(`{"value":${'['.repeat(100)}${']'.repeat(100)}}`)).statusCode).toBe(400);
  const query = await http.app.inject({
    url: `/trpc/things.one?input=${encodeURIComponent('['.repeat(200))}`,
    headers: json,
  });
  expect([query.statusCode, query.json().error.code]).toEqual([400, 'json-too-much']);
  const nul = await http.app.inject({
    url: `/trpc/things.one?input=${encodeURIComponent('{"id":"\\u0000"}')}`,
    headers: json,
  });
  expect([nul.statusCode, nul.json().error.code]).toEqual([400, 'json-inexact']);
});

test('an input that is there twice is refused, and one whose name is spelt otherwise is looked at like any', async () => {
  await using http = await open();
  const ask = (search: string) => http.app.inject({ url: `/trpc/things.one?${search}`, headers: json });
  const nul = encodeURIComponent('{"id":"\\u0000"}');
  for (const [search, code] of [
    [`input=${nul}&input=${encodeURIComponent('{"id":"a"}')}`, 'query-twice'],
    [`input=${nul}&%69nput=${encodeURIComponent('{"id":"a"}')}`, 'query-twice'],
    [`inpu%74=${nul}`, 'json-inexact'],
  ] as const) {
    const answer = await ask(search);
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, code]);
  }
});

test('a batch answers each, with the worst status for none of the others', async () => {
  await using http = await open();
  const answer = await http.app.inject({
    url: '/trpc/things.one,things.refuse?batch=1&input={"0":{"id":"a"}}',
    headers: json,
  });
  expect(answer.statusCode).toBe(207);
  expect(answer.json()).toMatchObject([
    { result: { data: { id: 'a' } } },
    { error: { data: { error: { code: 'stale', mend: 'Load it anew.' } } } },
  ]);
});

test('a subscription streams, and ends with its reader', async () => {
  await using http = await open();
  const port = await http.listen();
  const gone = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/trpc/things.watch`, {
    headers: { 'x-caller': 'viewer' },
    signal: gone.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body?.getReader();
  let text = '';
  while (!text.includes('data: 1')) text += new TextDecoder().decode((await reader?.read())?.value);
  const before = ended;
  gone.abort();
  await expect.poll(() => ended).toBe(before + 1);
});

test('a subscription is a stream like others: where there is no room for one it is refused as too many', async () => {
  await using http = await openBare({ router: things, streams: 1 });
  const at = `http://127.0.0.1:${await http.listen()}/trpc/things.watch`;
  const gone = new AbortController();
  const headers = { 'x-caller': 'viewer' };
  const first = await fetch(at, { headers, signal: gone.signal });
  expect(first.headers.get('content-type')).toContain('text/event-stream');
  const other = async () => {
    const leave = new AbortController();
    const reader = (await fetch(at, { headers, signal: leave.signal })).body!.getReader();
    let text = '';
    while (!/data: 1|too-many/.test(text)) {
      const piece = await reader.read();
      if (piece.done) break;
      text += new TextDecoder().decode(piece.value);
    }
    leave.abort();
    return text;
  };
  expect(await other()).toContain('too-many');
  gone.abort();
  await expect.poll(other).toContain('data: 1');
});
