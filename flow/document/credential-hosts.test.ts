import { expect, test } from 'vitest';
import { coversHost, hostsBeyond } from './credential-hosts.ts';

test.each([
  ['api.example.com', 'api.example.com', true],
  ['api.example.com', 'api.example.com:8443', true],
  ['api.example.com:443', 'api.example.com', false],
  ['api.example.com:443', 'api.example.com:444', false],
  ['*.example.com', 'api.example.com', true],
  ['*.example.com', 'a.api.example.com:80', true],
  ['*.example.com', '*.api.example.com', true],
  ['*.example.com', '*.example.com', true],
  ['*.api.example.com', '*.example.com', false],
  ['*.example.com', 'example.com', false],
  ['*.example.com', 'evilexample.com', false],
  ['example.com', 'api.example.com', false],
  ['[::1]', '[::1]:80', true],
  ['[::1]:80', '[::1]', false],
])('%s covers %s: %s', (rule, other, covers) => {
  expect(coversHost(rule, other)).toBe(covers);
});

test.each([
  [[], ['a.com'], []],
  [['a.com'], [], ['every host']],
  [['a.com', '*.b.com'], ['x.b.com', 'a.com:1'], []],
  [['a.com'], ['a.com', 'evil.com', '*.a.com'], ['evil.com', '*.a.com']],
])('from %j to %j it reaches further by %j', (old, wanted, beyond) => {
  expect(hostsBeyond(old, wanted)).toEqual(beyond);
});
