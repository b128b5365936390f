import { connect } from 'node:net';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { route } from './route.ts';
import { openBare } from './testing/bare.ts';

const login = route({
  method: 'POST',
  path: '/api/open',
  role: 'public',
  summary: 'Open to everybody',
  body: z.unknown(),
  replies: { 200: z.unknown() },
  handle: async ({ body }) => ({ status: 200, body }),
});

/** What is answered to these very bytes; the server closes. */
const send = (port: number, head: readonly string[], body = '') =>
  new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${[...head, '', ''].join('\r\n')}${body}`));
    socket.on('data', (bytes) => (text += bytes)).on('close', () => resolve(text));
  });

const post = ['POST /api/open HTTP/1.1', 'Host: x', 'Connection: close', 'Content-Length: 2'];

test('a head that says two things is refused, in the framework and on the sockets', async () => {
  const prefix = '/raw/';
  let served = 0;
  await using http = await openBare({
    routes: [login],
    socketRoutes: [{ prefix, serve: async (_, response) => void (served++, response.end('raw')) }],
  });
  const port = await http.listen();
  const one = 'Content-Type: application/json';
  expect(await send(port, [...post, one], '{}')).toContain('200 OK');
  for (const head of [post, [`POST ${prefix} HTTP/1.1`, ...post.slice(1)]])
    for (const twice of [
      [one, 'content-type: text/plain'],
      [one, 'Authorization: Bearer a', 'Authorization: Bearer b'],
      [one, 'Origin: http://a', 'Origin: http://b'],
      [one, 'Heddle-Workspace: a', 'heddle-workspace: b'],
      [one, 'Idempotency-Key: a', 'Idempotency-Key: b'],
      [one, 'Last-Event-ID: 1', 'Last-Event-ID: 2'],
      [one, 'Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site'],
    ]) {
      const said = await send(port, [...head, ...twice], '{}');
      expect(said).toMatch(/^HTTP\/1\.1 400 /);
      expect(JSON.parse(said.slice(said.indexOf('{'))).error.code).toBe('header-twice');
    }
  expect(served).toBe(0);
});

test('who is not known may send little to our own routes, and is told so before it is read', async () => {
  await using http = await openBare({ routes: [login] });
  const send = (length: number, caller: Record<string, string> = {}) =>
    http.app.inject({
      method: 'POST',
      url: '/api/open',
      headers: { 'content-type': 'application/json', ...caller },
      payload: JSON.stringify('x'.repeat(length)),
    });
  expect((await send(16_000)).statusCode).toBe(200);
  const refused = await send(20_000);
  expect([refused.statusCode, refused.json().error.code]).toEqual([413, 'too-large']);
  expect((await send(20_000, { 'x-caller': 'viewer' })).statusCode).toBe(200);
});
