import { describe, expect, test } from 'vitest';
import { replyFor, safeHeaders } from './respond-reply.ts';
import type { Respond } from './respond-reply.ts';

describe('the answer', () => {
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const file = { $file: 'f1', name: 'a.pdf', type: 'application/pdf', size: 3 };
  test.each<[Respond, unknown[], object]>([
    [{ with: 'first' }, [], { status: 200, body: null, as: 'json', headers: json }],
    [{ with: 'all', status: 201 }, [1, null], { status: 201, body: [1, null], as: 'json', headers: json }],
    [{ with: 'json', value: { ok: true } }, [1], { status: 200, body: { ok: true }, as: 'json', headers: json }],
    [
      { with: 'text', value: { a: 1 } },
      [],
      { status: 200, body: '{"a":1}', as: 'text', headers: { 'content-type': 'text/plain; charset=utf-8' } },
    ],
    [
      { with: 'text' },
      [],
      { status: 200, body: '', as: 'text', headers: { 'content-type': 'text/plain; charset=utf-8' } },
    ],
    [{ with: 'none' }, [1], { status: 204, body: null, as: 'none', headers: {} }],
    [
      { with: 'file', value: { file } },
      [],
      { status: 200, body: file, as: 'file', headers: { 'content-type': 'application/pdf' } },
    ],
    [
      { with: 'redirect', value: '/tack?q=å b', status: 303 },
      [],
      { status: 303, body: null, as: 'none', headers: { location: '/tack?q=%C3%A5%20b' } },
    ],
    [
      { with: 'json', value: 1, headers: { 'Content-Type': 'application/problem+json', 'X-N': 5, gone: null } },
      [],
      { status: 200, body: 1, as: 'json', headers: { 'content-type': 'application/problem+json', 'x-n': '5' } },
    ],
  ])('%j', (respond, items, expected) => {
    expect(replyFor(respond, items)).toEqual(expected);
  });
});

describe('what no answer may hold is refused', () => {
  test.each<[string, Respond]>([
    ['a status that is none', { with: 'none', status: 99 }],
    ['an informational status', { with: 'none', status: 101 }],
    ['a broken status', { with: 'none', status: 200.5 }],
    ['a redirect with status 200', { with: 'redirect', value: '/a', status: 200 }],
    ['a script to redirect to', { with: 'redirect', value: 'javascript:alert(1)' }],
    ['data to redirect to', { with: 'redirect', value: 'data:text/html,x' }],
    ['no address to redirect to', { with: 'redirect' }],
    ['a line break in an address', { with: 'redirect', value: '/a\r\nset-cookie: a=b' }],
    ['a file that is none', { with: 'file', value: 'a.pdf' }],
  ])('%s', (_, respond) => {
    expect(() => replyFor(respond, [])).toThrow(
      expect.objectContaining({ code: 'params.invalid', mend: expect.any(String) }),
    );
  });

  test.each([
    { 'x-a': 'a\r\nset-cookie: admin=1' },
    { 'x-a': 'a\nb' },
    { 'x-a': 'a\u0000' },
    { 'x a': 'b' },
    { 'x-a:': 'b' },
    { '': 'b' },
    { 'Transfer-Encoding': 'chunked' },
    { 'content-length': '5' },
  ])('headers %j', (headers) => {
    expect(() => safeHeaders(headers)).toThrow(expect.objectContaining({ code: 'params.invalid' }));
  });
});
