import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { bodyCaps } from '../http/body/read-body.ts';
import { FormParams } from '../triggers/describe.ts';
import { tooMany } from '../http/too-many.ts';
import { formServer, readSent } from './forms.ts';
import type { HookServer } from './serve-hook.ts';

const params = FormParams.parse({
  path: 'coats',
  title: 'T',
  description: '',
  button: 'Send',
  reply: 'now',
  thanks: '',
  fields: [
    { name: 'mail', kind: 'email', required: true },
    { name: 'photo', kind: 'file' },
    { name: 'from', kind: 'hidden', value: 'spring' },
  ],
});

const sender = { workspace: 'ws_main', door: 'coats' };

async function send(form: FormData) {
  const sent = new Response(form);
  const headers = { 'content-type': sent.headers.get('content-type') ?? '', 'transfer-encoding': 'chunked' };
  const request = Object.assign(new PassThrough(), { headers });
  request.end(Buffer.from(await sent.arrayBuffer()));
  const stored: string[] = [];
  const result = await readSent(params, request, { ...bodyCaps(1_000_000), sender }, async ({ name, type, bytes }) => {
    stored.push(name);
    return { $file: `kept-${stored.length}`, name, type, size: bytes.length };
  });
  return { result, stored };
}

const formOf = (fields: readonly [name: string, value: string | File][]): FormData => {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value);
  }
  return form;
};
const file = (name: string) => new File(['a picture'], name, { type: 'image/png' });

test('of a form that is refused no file is stored: strangers filled the store with what nobody got', async () => {
  const { result, stored } = await send(formOf([['photo', file('a.png')]]));
  expect(result).toMatchObject({ again: { status: 422 } });
  expect(stored).toEqual([]);
});

test('of a form that is right the files are stored that it asks for, and no others', async () => {
  const { result, stored } = await send(
    formOf([
      ['mail', 'a@b.se'],
      ['photo', file('a.png')],
      ['photo', file('b.png')],
      ['other', file('c.png')],
      ['from', file('d.png')],
    ]),
  );
  const handle = (id: number, name: string) => ({ $file: `kept-${id}`, name, type: 'image/png', size: 9 });
  expect(result).toEqual({ item: { mail: 'a@b.se', photo: [handle(1, 'a.png'), handle(2, 'b.png')], from: null } });
  expect(stored).toEqual(['a.png', 'b.png']);
});

test('who looks at a form is counted as who sends it is, and its page is worked out once for a version', async () => {
  const seen = { read: 0, counted: 0 };
  const given = {
    ...params,
    get title() {
      seen.read += 1;
      return params.title;
    },
  };
  const server = {
    directory: { find: () => [{ trigger: {}, named: {} }], params: async () => given },
    rates: {
      take: () => {
        if (++seen.counted > 3) throw tooMany(1);
      },
    },
  } as unknown as HookServer;
  const serve = formServer(server);
  const look = async (method: string) => {
    const request = Object.assign(new IncomingMessage(new Socket()), { method, url: '/forms/main/coats' });
    const response = new ServerResponse(request);
    await serve(request, response);
    return response.statusCode;
  };
  expect(await look('GET')).toBe(200);
  const before = seen.read;
  expect([await look('HEAD'), await look('GET'), await look('GET')]).toEqual([200, 200, 429]);
  expect([before > 0, seen.read]).toEqual([true, before]);
});
