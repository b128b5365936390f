import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawn, openPlace } from '../triggers/testing/place.ts';
import type { TestServer } from '../triggers/testing/place.ts';

const app = 'heddle.example.com';
const hooks = 'hooks.example.net';
let place: TestServer;
beforeAll(async () => {
  place = await openPlace({ env: { HEDDLE_URL: `https://${app}`, HEDDLE_HOOKS_URL: `https://${hooks}` } });
  const headers = { 'Content-Type': 'text/javascript', 'Set-Cookie': 'seen=1; Path=/hooks/main; Secure', NEL: '{}' };
  await publish('script', { with: 'text', value: 'alert(1)', headers });
  await publish('wide', { with: 'none', headers: { 'Set-Cookie': 'a=1; Domain=example.net' } });
  await publish('lead', { with: 'redirect', value: '{{ $json.query.to }}' });
});
afterAll(() => place[Symbol.asyncDispose]());

const publish = (path: string, params: object) =>
  place.publish(
    drawn(
      path,
      {
        hook: { type: 'start.webhook', params: { path, reply: 'respond', methods: ['GET'] } },
        reply: { type: 'control.respond', params },
      },
      'hook -> reply',
    ),
  );

/** As a proxy hands it on: to this server, under the name that was called. */
async function get(host: string | undefined, path: string, headers: Record<string, string> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    headers: IncomingHttpHeaders;
    body: string;
  }>();
  const sent = request(
    place.url + path,
    { setHost: false, headers: { ...headers, ...(host === undefined ? {} : { host }) } },
    (answer) =>
      void text(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
        reject,
      ),
  );
  sent.on('error', reject).end();
  return promise;
}

describe('webhooks with an address of their own', () => {
  test.each([hooks, `${hooks}:443`, hooks.toUpperCase()])(
    'answer at %s, with their cookies and types',
    async (host) => {
      const { status, headers, body } = await get(host, '/hooks/main/script');
      expect([status, body]).toEqual([200, 'alert(1)']);
      expect(headers['set-cookie']).toEqual(['seen=1; Path=/hooks/main; Secure']);
      expect(headers['content-type']).toBe('text/javascript');
      expect(headers['content-security-policy']).toBe('sandbox');
      expect(headers['nel']).toBeUndefined();
    },
  );

  test('set no cookie for names around theirs', async () => {
    const { status, headers } = await get(hooks, '/hooks/main/wide');
    expect([status, headers['set-cookie']]).toEqual([204, undefined]);
  });

  test.each([
    '/hooks/main/script',
    '/hooks/main/script?a=1',
    '/forms/main/x',
    '/resume/abc',
    '/test-hooks/a/b',
    '/hooks',
  ])('%s is nothing at the address of the screens, or at any other', async (path) => {
    for (const host of [app, 'localhost', `${hooks}:8443`, `${hooks}.evil.example`, '127.0.0.1']) {
      const { status, headers, body } = await get(host, path);
      expect([host, status, headers['content-security-policy']]).toEqual([host, 404, 'sandbox']);
      expect(body).toContain(`answer at https://${hooks}`);
    }
  });

  test.each([
    '/',
    '/api/v1/me',
    '/api/openapi.json',
    '/healthz',
    '/metrics',
    '/trpc/x',
    '/login',
    '/hooks.html',
    '/%68ooks/main/script',
  ])('%s is nothing at theirs', async (path) => {
    const { status, headers } = await get(hooks, path, { authorization: `Bearer ${place.keys.owner}` });
    expect([status, headers['content-security-policy']]).toEqual([404, 'sandbox']);
  });

  test('are shown, described and linked there', async () => {
    const { json } = await place.call('GET', '/api/v1/workflows');
    const urls = json.items.flatMap(({ triggers }: { triggers: { url: string }[] }) => triggers.map(({ url }) => url));
    expect(urls).toContain(`https://${hooks}/hooks/main/script`);
    const opened = (await place.call('GET', `/api/v1/workflows/${json.items[0].id}`)).json;
    expect(opened.bases).toEqual({
      hooks: `https://${hooks}/hooks/main`,
      forms: `https://${hooks}/forms/main`,
      hasOwnAddress: true,
    });
    expect(opened.issues.filter(({ code }: { code: string }) => /unsent/.test(code))).not.toContainEqual(
      expect.objectContaining({ message: expect.stringContaining('Set-Cookie') }),
    );
    const { paths, servers } = (await place.call('GET', '/api/openapi.json')).json;
    expect(servers).toEqual([{ url: `https://${app}` }]);
    expect(paths['/hooks/{workspace}/{path}'].servers).toEqual([{ url: `https://${hooks}` }]);
    expect(paths['/api/v1/me'].servers).toBeUndefined();
    expect(place.opened.engine.options.linkOf('run', 'node', '').url).toMatch(
      /^https:\/\/hooks\.example\.net\/resume\//,
    );
  });

  test('lead to their own address, and not to the one of the screens', async () => {
    const lead = async (to: string) => (await get(hooks, `/hooks/main/lead?to=${encodeURIComponent(to)}`)).status;
    expect(await lead(`https://${hooks}/hooks/main/script`)).toBe(302);
    expect(await lead(`https://${app}/settings`)).toBe(500);
  });
});
