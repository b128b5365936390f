import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manifestOf, manifestWords } from '../../flow/check/manifest.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { catalogue } from '../../nodes/all.ts';
import type { HttpRequest } from '../../nodes/kit/powers.ts';
import type { PowerRequest } from '../engine/carriage.ts';
import { kindOf } from '../wire/egress.ts';
import { grantOf } from './grant.ts';
import type { Borrower } from './lend.ts';
import { openHttpClient } from '../wire/http-client.ts';
import type { HttpClient } from '../wire/http-client.ts';
import { emptyState } from '../../flow/facts/state.ts';
import { AnswerRooms } from './answer-rooms.ts';
import { Origins } from './origins.ts';
import { httpPower } from './lend-http.ts';
import { noDownloads } from './testing/no-downloads.ts';
import { farSide } from '../wire/testing/far-side.ts';
import type { Ask, FarSide } from '../wire/testing/far-side.ts';

// a.example and b.example stand for public hosts: both are this machine, whose address counts as public here.
let first: FarSide;
let other: FarSide;
let http: HttpClient;
const seen: Ask[] = [];
let to: { status: number; location: string };
beforeAll(async () => {
  first = await farSide((ask, _, response) => {
    seen.push(ask);
    if (ask.url === '/here') return void response.end('here');
    response.writeHead(to.status, { location: to.location }).end();
  });
  other = await farSide((ask, _, response) => {
    seen.push(ask);
    response.end('{"other":true}');
  });
  http = openHttpClient({
    allowHosts: ['10.0.0.1:8080'],
    lookup: async () => [{ address: '127.0.0.1', family: 4 }],
    kindOf: (address) => (address === '127.0.0.1' ? 'unicast' : kindOf(address)),
  });
});
afterAll(async () => {
  await http.close();
  await first[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});
beforeEach(() => void (seen.length = 0));

const document = (type: string, params: object, version?: number): Workflow => ({
  heddle: 1,
  name: 'Led',
  nodes: [
    { key: 'go', type: 'start.manual' },
    { key: 'ask', type, params: { ...params }, ...(version === undefined ? {} : { version }) },
  ],
  edges: [{ from: 'go', to: 'ask' }],
});

const away = () => `http://b.example:${other.port}/x`;
const power = (written: Workflow) => {
  const grant = grantOf(manifestOf(written, catalogue));
  const request = {
    node: { key: 'ask' },
    signal: new AbortController().signal,
    lastLook: () => {},
    answered: () => {},
    log: () => {},
  };
  return httpPower(
    {
      http,
      origins: new Origins(),
      answers: new AnswerRooms(),
      wallet: { open: async () => new Map(), openAll: async () => [] },
      grantsOf: async () => grant,
      allowed: () => [],
      ownCalls: { mark: () => ({}) },
    },
    { workspace: 'ws_main', run: 'run_a', state: () => emptyState } as unknown as Borrower,
    request as unknown as PowerRequest,
    noDownloads,
  );
};
const ask = (more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url: `http://a.example:${first.port}/go`,
  mayLeaveHost: true,
  ...more,
});
const node = (more: object = {}) =>
  document('connect.http-request', { url: `http://a.example:${first.port}/go`, ...more });

describe('a redirect that leaves the granted host', () => {
  test.each([301, 302, 303, 307, 308])(
    'of %i leads a GET to another public host, without credentials and cookies',
    async (status) => {
      to = { status, location: away() };
      const headers = { authorization: 'Bearer x', cookie: 'a=1', 'x-api-key': 'k', 'accept-language': 'sv' };
      const reply = await power(node()).send(ask({ headers }));
      expect([reply.url, await reply.text()]).toEqual([away(), '{"other":true}']);
      expect(
        seen.map(({ headers: sent }) => [sent.authorization, sent.cookie, sent['x-api-key'], sent['accept-language']]),
      ).toEqual([
        ['Bearer x', 'a=1', 'k', 'sv'],
        [undefined, undefined, undefined, 'sv'],
      ]);
    },
  );

  test('leads a HEAD, and a feed', async () => {
    to = { status: 302, location: away() };
    const reply = await power(node({ method: 'HEAD' })).send(ask({ method: 'HEAD' }));
    expect([reply.status, reply.url]).toEqual([200, away()]);
    const feed = document('connect.rss', { url: `http://a.example:${first.port}/go` });
    expect((await power(feed).send(ask())).url).toBe(away());
  });

  test.each([
    ['a POST, whatever the status', { method: 'POST' }, { method: 'POST', body: 'x' }, 307],
    ['a POST that became a GET', { method: 'POST' }, { method: 'POST', body: 'x' }, 303],
    ['a DELETE', { method: 'DELETE' }, { method: 'DELETE' }, 308],
    ['a GET with a body', {}, { body: 'x' }, 307],
    ['a node that forbids it', { otherHosts: false }, { mayLeaveHost: false }, 302],
    ['a node that asks for more than was granted', { otherHosts: false }, {}, 302],
  ])('does not lead %s', async (_, params, more, status) => {
    to = { status, location: away() };
    await expect(power(node(params)).send(ask(more))).rejects.toMatchObject({
      code: 'power.denied',
      message: expect.stringContaining('b.example'),
    });
    expect(seen).toHaveLength(1);
  });

  test.each([
    ['that somebody listed for other nodes', 'http://10.0.0.1:8080/'],
    ['that nobody listed', 'http://192.168.1.1/'],
    ['of the cloud', 'http://169.254.169.254/latest/meta-data/'],
    ['behind another scheme', 'file:///etc/passwd'],
    ['with a password in it', 'http://user:pass@b.example/'],
    ['on a port of another service', 'http://b.example:6379/'],
  ])('never leads to a host %s', async (_, location) => {
    to = { status: 302, location };
    await expect(power(node()).send(ask())).rejects.toMatchObject({
      code: expect.stringMatching(/^(power\.denied|egress-denied)$/),
    });
    expect(seen).toHaveLength(1);
  });

  test('of a version that was published before stays within its hosts', async () => {
    to = { status: 302, location: away() };
    const old = document('connect.http-request', { url: `http://a.example:${first.port}/go` }, 1);
    await expect(power(old).send(ask())).rejects.toMatchObject({ code: 'power.denied' });
  });

  test('is in the manifest, in words', () => {
    expect(manifestWords(manifestOf(node(), catalogue))).toContain(
      'A redirect may lead ask to another public host, for GET and HEAD only, without credentials and cookies.',
    );
    for (const written of [node({ otherHosts: false }), node({ method: 'POST' }), node({ redirects: 0 })])
      expect(manifestWords(manifestOf(written, catalogue)).join(' ')).not.toContain('redirect');
  });
});
