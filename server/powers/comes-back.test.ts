import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifestOf } from '../../flow/check/manifest.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { emptyState } from '../../flow/facts/state.ts';
import { catalogue } from '../../nodes/all.ts';
import type { OpenCredential } from '../credentials/store.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import { readingOf } from '../text/reading.ts';
import { kindOf } from '../wire/egress.ts';
import { openHttpClient } from '../wire/http-client.ts';
import type { HttpClient } from '../wire/http-client.ts';
import { farSide } from '../wire/testing/far-side.ts';
import type { FarSide } from '../wire/testing/far-side.ts';
import { AnswerRooms } from './answer-rooms.ts';
import { grantOf } from './grant.ts';
import type { Borrower } from './lend.ts';
import { httpPower } from './lend-http.ts';
import { noDownloads } from './testing/no-downloads.ts';
import { Origins } from './origins.ts';
import { encodings, fixed, randomOf, secrets } from './redaction/testing/encodings.ts';
import { redacted } from './redaction/cover.ts';

// Every name of a host is this machine, whose address counts as public; a name with `unknown` in it is none.
let far: FarSide;
let http: HttpClient;
type Told = { status?: number; headers?: Record<string, string>; body?: string | Buffer };
let answer: Told;
beforeAll(async () => {
  far = await farSide(({ url }, _, response) => {
    const { status = 200, headers = {}, body = '' } = url === '/led' ? {} : answer;
    response.writeHead(status, headers).end(body);
  });
  http = openHttpClient({
    allowHosts: [],
    lookup: async (host) => {
      if (host.includes('unknown'))
        throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
      return [{ address: '127.0.0.1', family: 4 }];
    },
    kindOf: (address) => (address === '127.0.0.1' ? 'unicast' : kindOf(address)),
  });
});
afterAll(async () => {
  await http.close();
  await far[Symbol.asyncDispose]();
});

const url = () => `http://a.example:${far.port}/go`;
const basic = (password: string): OpenCredential => ({
  name: 'kept',
  type: 'basic',
  hosts: [],
  fields: () => ({ username: 'ada', password }),
});
const logged: string[] = [];

/** A node that may call any host, with a connection; `params` are what publishing sees of it. */
function power(kept: OpenCredential, params: object = {}, started?: object) {
  const document: Workflow = {
    heddle: 1,
    name: 'Echo',
    nodes: [
      { key: 'go', type: 'start.manual' },
      { key: 'ask', type: 'connect.http-request', params: { url: '{{ $json.url }}', ...params } },
    ],
    edges: [{ from: 'go', to: 'ask' }],
  };
  const request = {
    node: { key: 'ask' },
    signal: new AbortController().signal,
    lastLook: () => {},
    answered: () => {},
    log: (_: string, text: string) => void logged.push(text),
  };
  return httpPower(
    {
      http,
      origins: new Origins(),
      answers: new AnswerRooms(),
      wallet: { open: async (_, names) => new Map(names.map((name) => [name, kept])), openAll: async () => [kept] },
      grantsOf: async () => grantOf(manifestOf(document, catalogue)),
      allowed: () => [],
      ownCalls: { mark: () => ({}) },
    },
    { workspace: 'ws_main', run: 'run_a', state: () => ({ ...emptyState, started }) } as unknown as Borrower,
    request as unknown as PowerRequest,
    noDownloads,
  );
}

/** Everything that a node, and whoever reads its step, can see of what came back. */
async function seen(asked: ReturnType<typeof power>): Promise<string> {
  logged.length = 0;
  try {
    const reply = await asked.send({ method: 'GET', url: url(), mayLeaveHost: true });
    const { status, headers, bytes, url: last } = reply;
    const text = await reply.looseText();
    return [status, JSON.stringify(headers), Buffer.from(bytes).toString(), last, text, ...logged].join('\n');
  } catch (error) {
    return [everything(error), ...logged].join('\n');
  }
}

function everything(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  const own = Object.getOwnPropertyNames(error).map((name) => {
    const value: unknown = Reflect.get(error, name);
    return `${name}: ${value instanceof Error ? everything(value) : JSON.stringify(value)}`;
  });
  return `${error.message}\n${error.stack}\n${own.join('\n')}`;
}

const named = { credential: 'kept' };

describe('a secret that was lent comes back as [redacted]', () => {
  const bodies: Record<string, [type: string, wrap: (spelled: string) => string]> = {
    JSON: ['application/json', (spelled) => `{"a":{"b":"${spelled} "}}`],
    text: ['text/plain', (spelled) => `you are ${spelled} .`],
    XML: ['application/xml', (spelled) => `<a b="1">${spelled}</a>`],
    CSV: ['text/csv', (spelled) => `a,b\n1,${spelled} ,2\n`],
    'a file': ['application/octet-stream', (spelled) => `\u0001\u0002 ${spelled} \u0003`],
  };
  test.each(Object.entries(bodies))('in %s', async (_, [type, wrap]) => {
    await fc.assert(
      fc.asyncProperty(
        secrets,
        fc.constantFrom(...Object.values(encodings)),
        fc.nat(),
        async (secret, encode, seed) => {
          const spelled = encode(secret, randomOf(seed));
          answer = { headers: { 'content-type': type }, body: wrap(spelled) };
          const text = await seen(power(basic(secret), named));
          expect(text).toContain(redacted);
          expect(text.includes(spelled)).toBe(false);
        },
      ),
      { numRuns: 100, seed: fixed },
    );
  });

  test.each([
    ['iso-2022-jp', (secret: string) => [...secret].join('\u001b(B')],
    ['ISO-2022-JP', (secret: string) => `\u001b(J${[...secret].join('\u001b(J')}\u001b(B`],
    ['iso-8859-1', (secret: string) => Buffer.from(secret, 'latin1'), 'kräftig-låst-ö'],
  ])(
    'in the text of an encoding that hides its letters, and in what is kept of it: %s',
    async (charset, hide, secret = 'correct-horse-battery') => {
      answer = { headers: { 'content-type': `text/plain; charset=${charset}` }, body: hide(secret) };
      const asked = power(basic(secret), named);
      const reply = await asked.send({ method: 'GET', url: url(), mayLeaveHost: true });
      expect(await reply.text('auto')).not.toContain(secret);
      expect(await reply.looseText()).not.toContain(secret);
      // What the journal keeps is read anew, and knows no secrets.
      const kept = await readingOf({ ...reply }, () => {}).text('auto');
      expect(kept).not.toContain(secret);
      expect(kept).toContain(redacted);
    },
  );

  test('in the value of a header', async () => {
    const legal = Object.values(encodings);
    await fc.assert(
      fc.asyncProperty(secrets, fc.constantFrom(...legal), fc.nat(), async (secret, encode, seed) => {
        const spelled = encode(secret, randomOf(seed));
        fc.pre(/^[!-~ ]+$/.test(spelled) && spelled === spelled.trim());
        answer = { headers: { 'x-echo': `you sent ${spelled} .`, location: `/x?is=${encodeURIComponent(secret)}` } };
        const text = await seen(power(basic(secret), named));
        expect(text).toContain(redacted);
        expect(text.includes(spelled)).toBe(false);
      }),
      { numRuns: 100, seed: fixed },
    );
  });

  const token = 'tokLive9F8e7D6c5B4a';
  const lower = token.toLowerCase();
  const ways: Record<string, () => Told> = {
    'the name of a header': () => ({ headers: { [`x-${token}`]: 'there' } }),
    'the address that a redirect led to': () => ({
      status: 302,
      headers: { location: `http://${token}.example:${far.port}/led` },
    }),
    'the path that a redirect led to': () => ({ status: 302, headers: { location: `/led?of=${token}` } }),
    'a host that has no address': () => ({ status: 302, headers: { location: `http://${token}.unknown.example/` } }),
    'a host that does not answer': () => ({ status: 302, headers: { location: `http://${token}.example:1/` } }),
    'a host without TLS': () => ({ status: 302, headers: { location: `https://${token}.example:${far.port}/` } }),
    'a scheme that is not called': () => ({ status: 302, headers: { location: `${token}://x/` } }),
    'user and password of an address': () => ({ status: 302, headers: { location: `http://ada:${token}@a.example/` } }),
    'a body that cannot be read': () => ({
      headers: { 'content-type': `text/plain; charset=${token}`, 'content-encoding': 'gzip' },
      body: token,
    }),
  };
  test.each(Object.entries(ways))('in %s', async (_, told) => {
    answer = told();
    const text = await seen(power(basic(token), named));
    expect(text.toLowerCase()).not.toContain(lower);
  });
});

describe('whoever belongs to the run knows what was lent', () => {
  const token = 'tokLive9F8e7D6c5B4a';
  const body = { body: `you sent ${token}` };
  test.each<[string, object, object | undefined, string]>([
    ['a node that names it', named, undefined, `you sent ${redacted}`],
    [
      'a version that names one by an expression, also in a process that lent nothing',
      { credential: '{{ $json.c }}' },
      undefined,
      `you sent ${redacted}`,
    ],
    ['a run that another one called', {}, { parent: { run: 'run_1' } }, `you sent ${redacted}`],
    ['a run that has nothing to do with it: a service may have stored it', {}, {}, `you sent ${redacted}`],
  ])('%s', async (_, params, started, gives) => {
    answer = body;
    expect(await seen(power(basic(token), params, started))).toContain(gives);
  });
});

test('a secret that may be a word is known to those that may be told it, and to nobody else: data would lose the word', async () => {
  answer = { body: 'in production' };
  expect(await seen(power(basic('production'), named))).toContain(`in ${redacted}`);
  expect(await seen(power(basic('production')))).toContain('in production');
});

test('what holds no secret comes back byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), fc.webPath(), async (bytes, path) => {
      answer = { headers: { 'x-path': path }, body: Buffer.from(bytes) };
      const reply = await power(basic('a secret of ada’s'), named).send({ method: 'GET', url: url() });
      expect(Buffer.compare(reply.bytes, bytes)).toBe(0);
      expect([reply.headers['x-path'] ?? '', reply.url]).toEqual([path, url()]);
    }),
    { numRuns: 200, seed: fixed },
  );
});
