import { expect, test } from 'vitest';
import type { CredentialTypeName } from '../../flow/document/credential.ts';
import type { OpenCredential } from '../credentials/store.ts';
import { headCleaners } from './clean-head.ts';

const credential = (type: CredentialTypeName, fields: Record<string, string>): OpenCredential => ({
  name: type,
  type,
  hosts: [],
  fields: () => fields,
});
const key = 'key_0123456789abcdef';
const scheme = 'Token 0123456789abcdef';
const password = 'a password that is long';
const wallet = [
  credential('header', { name: 'X-Api-Key', value: key }),
  credential('header', { name: 'Authorization', value: scheme }),
  credential('basic', { username: 'ada@example.com', password }),
  credential('hmac', { secret: 'signing+secret &1' }),
  credential('basic', { username: 'olga@example.com', password: 'guessed' }),
];
const clean = async (head: Record<string, unknown>) => {
  const cleaner = await headCleaners({ openAllLately: async () => wallet })('ws');
  return cleaner?.(head);
};
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

test.each([
  ['as it is', key],
  ['behind a scheme', `Bearer ${key}`],
  ['with its own scheme', scheme],
  ['with another one', 'bearer  0123456789abcdef'],
  ['that is never sent', 'signing+secret &1'],
  ['that is a password', basic(`ada@example.com:${password}`)],
  ['that is sent as a name', basic(`${key}:`)],
])('a call shows no secret %s', async (_, value) => {
  expect(await clean({ host: 'here', 'x-any': value })).toEqual({ host: 'here', 'x-any': '[redacted]' });
  expect(await clean({ a: ['1', value] })).toEqual({ a: ['1', '[redacted]'] });
});

test('nor one that is the name of a value', async () => {
  expect(await clean({ [key]: '', b: '1' })).toEqual({ '[redacted]': '', b: '1' });
});

test.each([
  ['what holds none', { host: 'a', cookie: '', 'x-list': 'a, b', authorization: 'Bearer a.b.c', n: ['1', '2'] }],
  ['a part of one', { 'x-any': key.slice(1), 'x-other': `${key}!` }],
  [
    'what can be guessed, for nobody is told that a guess was right',
    { authorization: basic('olga@example.com:guessed') },
  ],
])('%s is the very same', async (_, head) => {
  expect(await clean(head)).toBe(head);
});

test('a workspace without secrets pays nothing', async () => {
  const openAllLately = async () => [credential('bearer', { token: 'short' })];
  expect(await headCleaners({ openAllLately })('ws')).toBeUndefined();
});
