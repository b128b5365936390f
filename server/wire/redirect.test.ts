import { expect, test } from 'vitest';
import { nextHop, type Hop } from './redirect.ts';

const hop = (method: string, more: Partial<Hop> = {}): Hop => ({
  url: 'https://a.test/one#part',
  method,
  headers: {
    authorization: 'x',
    cookie: 'x',
    'x-api-key': 'x',
    'x-auth-token': 'x',
    'x-plain': 'x',
    'idempotency-key': 'k',
    accept: '*/*',
    'content-type': 'text/plain',
  },
  secret: new Set(['x-plain']),
  body: new Uint8Array([1]),
  done: 'no',
  ...more,
});
const to = (status: number, location: string) => ({ status, headers: { location } });

test.each([
  [301, 'POST', 'GET', 'yes'],
  [302, 'POST', 'GET', 'yes'],
  [303, 'POST', 'GET', 'yes'],
  [307, 'POST', 'POST', 'no'],
  [308, 'POST', 'POST', 'no'],
  [301, 'PUT', 'PUT', 'no'],
  [302, 'DELETE', 'DELETE', 'no'],
  [303, 'PUT', 'GET', 'yes'],
  [303, 'HEAD', 'HEAD', 'no'],
  [302, 'GET', 'GET', 'no'],
  [303, 'GET', 'GET', 'no'],
])('%i turns %s into %s, and %s is what it says of the first', (status, method, becomes, done) => {
  const next = nextHop(hop(method), to(status, '/two'));
  expect(next).toMatchObject({ url: 'https://a.test/two#part', method: becomes, done });
  expect(next?.body !== undefined).toBe(method === becomes && !(status === 303 && method === 'GET'));
  expect(Object.keys(next?.headers ?? {})).toEqual(expect.arrayContaining(['authorization', 'x-plain']));
});

test.each(['https://b.test/', 'http://a.test/', 'https://a.test:8443/', '//b.test'])(
  'a redirect to %s leaves the secrets behind',
  (location) => {
    expect(nextHop(hop('POST'), to(307, location))?.headers).toEqual({
      'idempotency-key': 'k',
      accept: '*/*',
      'content-type': 'text/plain',
    });
  },
);

test.each([
  [200, '/x'],
  [300, '/x'],
  [304, '/x'],
  [302, 'http://['],
  [305, '/x'],
])('%i to %s is a reply', (status, location) => {
  expect(nextHop(hop('GET'), to(status, location))).toBeUndefined();
  expect(nextHop(hop('GET'), { status, headers: {} })).toBeUndefined();
});
