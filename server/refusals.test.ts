import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createCredential } from './credentials/store.ts';
import { answerError } from './http/answer-error.ts';
import { codes } from './http/codes.ts';
import type { Role } from '../flow/contract/account.ts';
import { appendRefusal } from './runs/act.ts';
import { Refused } from './journal/refused.ts';
import { drawn, openPlace } from './triggers/testing/place.ts';
import type { Answer, TestServer } from './triggers/testing/place.ts';

// Every error of the contract, reached from outside; and the catalogue of codes held against what the source throws.

const sources = (end: string) =>
  readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end) && !name.includes('testing/'))
    .map((name) => ({ name, text: readFileSync(path.join(import.meta.dirname, name), 'utf8') }));

describe('the catalogue of codes', () => {
  const thrown = sources('.ts')
    .filter(({ name }) => !name.endsWith('.test.ts') && name !== 'http/refusal.ts')
    .flatMap(({ name, text }) =>
      [...text.matchAll(/new Refusal\(\s*([^.,)]+),\s*([^,)]+)/g)].map(([, status, code]) => ({ name, status, code })),
    );

  test('has every code that is thrown, under the status that it is thrown with, and no other', () => {
    const written = thrown.filter(({ code }) => code?.startsWith("'"));
    expect(thrown).toHaveLength(written.length);
    for (const { name, status, code } of written)
      expect(`${code} ${status}`, `${name}: add it to server/http/codes.ts and reach it by a test`).toBe(
        `${code} ${Object.entries(codes).find(([known]) => `'${known}'` === code)?.[1]}`,
      );
    const known = new Set(written.map(({ code }) => code));
    const named = sources('.ts').map(({ text }) => text);
    for (const code of Object.keys(codes))
      if (!known.has(`'${code}'`))
        expect(
          named.some((text) => text.includes(`'${code}'`) && !text.includes('export const codes')),
          code,
        ).toBe(true);
  });

  test('has no code that no test expects', () => {
    const tests = sources('.test.ts').map(({ text }) => text);
    const untried = Object.keys(codes).filter((code) => !tests.some((text) => text.includes(`'${code}'`)));
    expect(untried).toEqual([]);
  });
});

let place: TestServer;
let workflow: string;
let version: number;
let over: string;
let waiting: string;
beforeAll(async () => {
  place = await openPlace({ most: { perSecond: 5, backlogMost: 2 } });
  const go = { type: 'start.manual' };
  const two = drawn(
    'Two',
    { go, other: { type: 'start.manual' }, wait: { type: 'control.wait', params: { for: '1h' } } },
    'go -> wait',
  );
  ({ id: workflow, version } = await place.publish(two));
  const run = (start: string) => place.call('POST', `/api/v1/workflows/${workflow}/runs`, { start, wait: 1 });
  over = (await run('other')).json.runId;
  waiting = (await run('go')).json.runId;
  const hook = { type: 'start.webhook', params: { path: 'in', reply: 'respond', allowedOrigins: [] } };
  await place.publish(drawn('In', { hook }));
  const stop = { type: 'control.stop', params: { as: 'error', message: 'inner' } };
  await place.publish(
    drawn('Fails', { hook: { ...hook, params: { path: 'fails', reply: 'last' } }, stop }, 'hook -> stop'),
  );
  await place.publish(drawn('Silent', { hook: { ...hook, params: { path: 'silent', reply: 'respond' } } }));
  const nap = { type: 'control.wait', params: { for: '1h' } };
  await place.publish(
    drawn('Late', { hook: { ...hook, params: { path: 'late', reply: 'last' } }, nap }, 'hook -> nap'),
  );
});
afterAll(() => place[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json' };
const api = (method: string, url: string, body?: unknown, role?: Role | 'stranger') => () =>
  place.call(method, `/api/v1${url}`, body, role);
const raw = (url: string, init?: RequestInit) => () => place.hook(url, init);
const post = (url: string, body: string, headers: Record<string, string> = json) =>
  raw(url, { method: 'POST', body, headers });

/** How each is reached, by what a caller does. */
const reached: [status: number, code: string, how: string, reach: () => Promise<Answer>][] = [
  [400, 'invalid', 'an unknown field of the envelope', api('POST', '/workflows', { document: {}, owner: 'me' })],
  [400, 'invalid', 'an unknown query', api('GET', '/runs?colour=red')],
  [400, 'query-twice', 'a query that says two things', api('GET', '/runs?status=failed&status=finished')],
  [400, 'document-invalid', 'no document', api('POST', '/workflows', { document: 1 })],
  [400, 'body-missing', 'no body', api('POST', '/workflows')],
  [400, 'json-invalid', 'half a body', api('POST', '/workflows', '{"document":')],
  [400, 'cursor-invalid', 'a cursor of somebody else’s', api('GET', '/runs?cursor=abc')],
  [400, 'bad-url', 'NUL in an address', api('GET', '/runs/a%00b')],
  [
    400,
    'form-invalid',
    'a form that breaks off',
    post('/hooks/main/in', 'x', { 'content-type': 'multipart/form-data; boundary=b' }),
  ],
  [401, 'unauthenticated', 'no key', raw('/api/v1/runs')],
  [
    401,
    'unauthenticated',
    'a key that never was',
    raw('/api/v1/runs', { headers: { authorization: `Bearer hk_${'A'.repeat(43)}` } }),
  ],
  [403, 'forbidden', 'a viewer who changes', api('POST', '/workflows', { document: {} }, 'viewer')],
  [
    403,
    'foreign-origin',
    'a login from another site',
    post('/api/login', '{}', { ...json, origin: 'https://evil.example' }),
  ],
  [
    404,
    'not-found',
    'another workspace’s workflow',
    () => api('GET', `/workflows/${workflow}`, undefined, 'stranger')(),
  ],
  [404, 'not-found', 'another workspace’s run', () => api('GET', `/runs/${over}`, undefined, 'stranger')()],
  [404, 'not-found', 'a webhook that is not published', post('/hooks/main/nothing', '{}')],
  [404, 'not-found', 'a webhook of no workspace', post('/hooks/nobody/in', '{}')],
  [404, 'not-found', 'an address that is none', api('GET', '/nothing')],
  [405, 'method', 'a webhook by another method', raw('/hooks/main/in')],
  [405, 'method', 'a route by another method', api('DELETE', '/runs')],
  [
    409,
    'stale',
    'a revision that is gone',
    () => api('PUT', `/workflows/${workflow}`, { document: drawn('Two', {}), revision: 9 })(),
  ],
  [409, 'run-over', 'a cancel of what is over', () => api('POST', `/runs/${over}/cancel`)()],
  [409, 'run-running', 'a retry of what is not', () => api('POST', `/runs/${waiting}/retry`)()],
  [
    409,
    'answered',
    'an answer that nobody waits for',
    () => api('POST', `/runs/${waiting}/answer`, { step: 'wait', answer: 'again' })(),
  ],
  [413, 'too-large', 'a body over 16 MB', post('/hooks/main/in', JSON.stringify('x'.repeat(16 * 1024 * 1024)))],
  [
    400,
    'body-encoding',
    'a webhook’s text that is not in its encoding',
    post('/hooks/main/in', 'x', { 'content-type': 'text/plain; charset=utf-16be' }),
  ],
  [
    415,
    'content-type',
    'a route’s',
    raw('/api/login', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }),
  ],
  [
    422,
    'key-failed',
    'a call of which no key can be made',
    async () => {
      const hook = { type: 'start.webhook', params: { path: 'keyed', dedupeKey: '{{ $json.body.id.toNumber() }}' } };
      await place.publish(drawn('Keyed', { hook }));
      return post('/hooks/main/keyed', '{"id":"x"}')();
    },
  ],
  [
    400,
    'start-missing',
    'two starts and no word which',
    async () => {
      const two = drawn('Hooks', {
        a: { type: 'start.webhook', params: { path: 'a' } },
        b: { type: 'start.webhook', params: { path: 'b' } },
      });
      const { id } = await place.publish(two);
      return place.call('POST', `/api/v1/workflows/${id}/runs`, {});
    },
  ],
  [
    400,
    'version-unknown',
    'a retry on no version',
    () => api('POST', `/runs/${over}/retry`, { version: version + 8 })(),
  ],
  [
    422,
    'issues',
    'a publish with errors',
    async () => {
      const { json: made } = await place.call('POST', '/api/v1/workflows', {
        document: drawn('Bad', { a: { type: 'data.nothing' } }),
      });
      return place.call('POST', `/api/v1/workflows/${made.id}/publish`);
    },
  ],
  [
    410,
    'link-over',
    'a link into a run that is over',
    async () => {
      const link = { type: 'data.set', params: { json: { link: '{{ $step.resumeUrl }}' } } };
      const wait = { type: 'control.wait', params: { called: true } };
      const { id } = await place.publish(
        drawn('Link', { go: { type: 'start.manual' }, link, wait }, 'go -> link\nlink -> wait'),
      );
      const { runId } = (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 1 })).json;
      const { items } = (await place.call('GET', `/api/v1/runs/${runId}/steps`)).json;
      await place.call('POST', `/api/v1/runs/${runId}/cancel`);
      return post(new URL(items[1].output.out[0].link).pathname, '{}')();
    },
  ],
  [500, 'run.failed', 'a webhook whose run fails', post('/hooks/main/fails', '{}')],
];

describe('reached from outside', () => {
  test.each(reached)('%d %s: %s', async (status, code, _how, reach) => {
    const answer = await reach();
    expect([answer.status, answer.json?.error?.code], answer.text).toEqual([status, code]);
    expect(answer.json.error.message).toMatch(/\w/);
    expect(answer.text).not.toMatch(/inner|\.ts:|select /);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/POST|GET/);
    expect(Object.entries(codes)).toContainEqual([code, status]);
  });

  test('202 when it is late, 204 when nothing is said', async () => {
    const late = await post('/hooks/main/late', '{}')();
    expect([late.status, late.headers.get('location')]).toEqual([202, `/api/v1/runs/${late.json.runId}`]);
    expect((await post('/hooks/main/silent', '{}')()).status).toBe(204);
  });

  test('a second start that keeps what another version changed is told so', async () => {
    const set = (value: number) => ({ type: 'data.set', params: { json: { value } } });
    const stop = { type: 'control.stop', params: { as: 'error', message: 'x' } };
    // A retry is a stage of its own, so that something is kept before it.
    const document = (value: number) =>
      drawn(
        'Differs',
        {
          go: { type: 'start.manual' },
          set: { ...set(value), settings: { timeout: '5s' } },
          stop: { ...stop, settings: { timeout: '5s' } },
        },
        'go -> set\nset -> stop',
      );
    const { id } = await place.publish(document(1));
    const failed = (await place.call('POST', `/api/v1/workflows/${id}/runs`, { wait: 10 })).json.runId;
    await place.call('PUT', `/api/v1/workflows/${id}`, { document: document(2), revision: 1 });
    await place.call('POST', `/api/v1/workflows/${id}/publish`);
    const again = await place.call('POST', `/api/v1/runs/${failed}/retry`, { from: 'stop', version: 2 });
    expect([again.status, again.json.error?.code], again.text).toEqual([409, 'plan-differs']);
  });

  test('a body that breaks off is nobody’s run', async () => {
    const before = (await place.call('GET', '/api/v1/runs/count')).json.total;
    const said = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(place.url).port), '127.0.0.1', () => {
        socket.write(
          'POST /hooks/main/in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"a":',
        );
        socket.end();
      });
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(said === '' || said.includes('body-broken') || said.startsWith('HTTP/1.1 400')).toBe(true);
    expect((await place.call('GET', '/api/v1/runs/count')).json.total).toBe(before);
  });

  test('what comes too often or piles up is told when to come back', async () => {
    const hammer = await Promise.all(Array.from({ length: 30 }, () => post('/hooks/main/silent', '{}')()));
    const refused = hammer.find(({ status }) => status === 429);
    expect(refused?.json.error.code).toBe('too-many');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    await place.opened.ledger.sql`
      insert into stages (workspace_id, run, stage, path, state, lane)
      select 'ws_main', 'run_none', 's' || n, '', 'ready', 'none' from generate_series(1, 3) n`;
    await expect
      .poll(async () => (await post('/hooks/main/late', '{}')()).json?.error?.code, { interval: 300 })
      .toBe('backlog');
    const full = await place.call('POST', `/api/v1/workflows/${workflow}/runs`, { start: 'other' });
    expect([full.status, full.json.error.code, full.headers.get('retry-after')]).toEqual([429, 'backlog', '30']);
    await place.opened.ledger.sql`delete from stages where run = 'run_none'`;
  });
});

describe('what needs a broken machine', () => {
  const shown = (error: unknown) => {
    const { status, body, headers } = answerError(error, 'fault_1');
    return [status, body.error.code, headers['retry-after']];
  };
  test.each([
    ['ECONNREFUSED', [503, 'database-away', '5']],
    ['57P03', [503, 'database-away', '5']],
    ['53100', [507, 'storage-full', '60']],
    ['22P05', [500, 'our-fault', undefined]],
  ])('%s', (code, answer) => {
    expect(shown(new Error('wrapped', { cause: Object.assign(new Error('inner'), { code }) }))).toEqual(answer);
  });

  test('what the framework refuses in its own words', () => {
    expect(shown(Object.assign(new Error('inner'), { statusCode: 418, code: 'FST_ERR_TEAPOT' }))[1]).toBe('refused');
  });

  test('a run that moved on at the same moment, and a wallet without its key', async () => {
    expect(shown(appendRefusal(new Refused({ ok: false, why: 'seq', run: 'run_1' })))).toEqual([
      409,
      'run-moved-on',
      undefined,
    ]);
    const keyring = {
      have: () => undefined,
      seal: () => {
        throw new Error('it cannot be read');
      },
      open: () => '',
      opens: () => false,
      state: () => place.opened.wallet.keyring.state(),
    };
    const { database } = place.opened.ground;
    const draft = { name: 'Shop', type: 'header', hosts: [], fields: {} } as const;
    const making = createCredential({ database, keyring }, 'ws_main', draft, 'key_1');
    await expect(making).rejects.toMatchObject({ status: 503, code: 'key-missing' });
  });
});

test('names and addresses are taken once', async () => {
  const credential = {
    name: 'Shop',
    type: 'header',
    hosts: ['example.com'],
    fields: { name: 'x-key', value: 'secret' },
  };
  await place.call('POST', '/api/v1/credentials', credential);
  const twice = await place.call('POST', '/api/v1/credentials', credential);
  expect([twice.status, twice.json.error?.code], twice.text).toEqual([409, 'name-taken']);
  const origin = { ...json, origin: place.url };
  const login = { email: 'olga@example.com', password: 'a long password' };
  const logged = await place.hook('/api/login', { method: 'POST', body: JSON.stringify(login), headers: origin });
  const cookie = logged.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const make = { method: 'POST', body: '{"name":"Main","slug":"main"}', headers: { ...origin, cookie } };
  const taken = await place.hook('/api/v1/workspaces', make);
  expect([taken.status, taken.json.error?.code], taken.text).toEqual([409, 'slug-taken']);
});

describe('the OpenAPI document', () => {
  const Media = z.record(z.string(), z.object({ schema: z.looseObject({}).optional() }));
  const Operation = z.looseObject({
    summary: z.string().min(1),
    parameters: z.array(z.looseObject({ in: z.enum(['path', 'query']), name: z.string() })).default([]),
    requestBody: z.object({ required: z.boolean(), content: Media }).optional(),
    responses: z.record(
      z.string().regex(/^[2345]\d\d$/),
      z.object({ description: z.string().min(1), content: Media.default({}) }),
    ),
    'x-codes': z.array(z.string()),
  });
  const Document = z.strictObject({
    openapi: z.literal('3.1.0'),
    info: z.object({ title: z.string(), version: z.string() }),
    servers: z.array(z.object({ url: z.string() })),
    paths: z.record(z.string().startsWith('/'), z.record(z.string(), Operation)),
    components: z.object({ schemas: z.record(z.string(), z.looseObject({})), securitySchemes: z.looseObject({}) }),
  });
  type Document = z.output<typeof Document>;
  const read = async () => Document.parse((await place.hook('/api/openapi.json')).json);
  const operations = (document: Document) =>
    Object.entries(document.paths).flatMap(([url, item]) =>
      Object.entries(item).map(([method, operation]) => ({ url, method, operation })),
    );
  const validator = ({ components }: Document, schema: object) => new Validator({ ...schema, components }, '2020-12');

  test('is well formed: each path names its parameters, each schema can be read, each reference leads somewhere', async () => {
    const document = await read();
    for (const { url, method, operation } of operations(document)) {
      const where = `${method} ${url}`;
      const { parameters, responses, requestBody } = operation;
      const named = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
      expect(named, where).toEqual([...url.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
      const bodies = [...(requestBody ? [requestBody] : []), ...Object.values(responses)];
      for (const { schema } of bodies.flatMap(({ content }) => Object.values(content)))
        if (schema) expect(() => validator(document, schema).validate(null), where).not.toThrow();
    }
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(document.components.schemas).toHaveProperty(name ?? '');
  });

  test('has every address that programs use, with what each refuses', async () => {
    const document = await read();
    const has = new Set(operations(document).map(({ url, method }) => `${method.toUpperCase()} ${url}`));
    const apart = [
      '/trpc/:path',
      '/api/openapi.json',
      '/hooks/*',
      '/forms/*',
      '/resume/*',
      '/test-hooks/*',
      '/test-forms/*',
    ];
    for (const { method, path: url } of place.listed)
      if (method !== 'HEAD' && !apart.includes(url))
        expect([...has]).toContain(`${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    for (const url of [
      '/hooks/{workspace}/{path}',
      '/forms/{workspace}/{path}',
      '/resume/{token}',
      '/test-hooks/{token}/{path}',
      '/test-forms/{token}/{path}',
    ])
      expect([...has]).toContain(`POST ${url}`);
    for (const { operation } of operations(document))
      for (const code of operation['x-codes'])
        expect(operation.responses).toHaveProperty(
          String(Object.entries(codes).find(([known]) => known === code)?.[1]),
        );
    expect(document.paths['/api/v1/workflows/{id}']?.['put']?.responses['409']?.description).toContain('stale');
    expect(document.paths['/api/v1/runs/{id}/retry']?.['post']?.['x-codes']).toEqual(
      expect.arrayContaining(['doubts', 'plan-differs', 'run-running']),
    );
  });

  test.each([
    ['/workflows', '/workflows'],
    ['/workflows/{id}', () => `/workflows/${workflow}`],
    ['/workflows/{id}/versions', () => `/workflows/${workflow}/versions`],
    ['/workflows/{id}/versions/{version}', () => `/workflows/${workflow}/versions/1`],
    ['/runs', '/runs'],
    ['/runs/count', '/runs/count'],
    ['/runs/{id}', () => `/runs/${over}`],
    ['/runs/{id}/steps', () => `/runs/${over}/steps`],
    ['/runs/{id}/events', () => `/runs/${over}/events`],
    ['/runs/{id}/document', () => `/runs/${over}/document`],
    ['/nodes', '/nodes'],
    ['/me', '/me'],
  ])('GET %s answers what its schema says', async (name, url) => {
    const document = await read();
    const { content } = document.paths[`/api/v1${name}`]?.['get']?.responses['200'] ?? {};
    const schema = content?.['application/json']?.schema ?? false;
    if (schema === false) throw new Error(`${name} has no schema`);
    const answer = (await place.call('GET', `/api/v1${typeof url === 'string' ? url : url()}`)).json;
    expect(validator(document, schema).validate(answer).errors).toEqual([]);
    expect(validator(document, schema).validate({ error: 1 }).valid).toBe(false);
  });
});
