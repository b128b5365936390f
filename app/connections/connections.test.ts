import { expect, test } from 'vitest';
import { credentialFields, credentialTypeNames } from '../../flow/document/credential.ts';
import { judge, shortWords } from './credential-draft.ts';
import type { Typed } from './credential-draft.ts';
import { usesInWords } from './remove-credential.tsx';

const typed = (part: Partial<Typed>): Typed => ({ name: 'Ledger', type: 'bearer', values: {}, hosts: '', ...part });

test('what may be sent is what was typed, without the fields that were left empty', () => {
  expect(judge(typed({ name: ' Ledger ', values: { token: 'abc' }, hosts: 'API.example.com, *.example.org' }))).toEqual(
    {
      ok: true,
      draft: { name: 'Ledger', type: 'bearer', fields: { token: 'abc' }, hosts: ['api.example.com', '*.example.org'] },
    },
  );
  expect(judge(typed({ type: 'jwt', values: { secret: '', jwks: '{}' } }))).toMatchObject({
    draft: { fields: { jwks: '{}' } },
  });
});

test.each([
  [{ name: '', values: { token: 'a' } }, { name: 'Enter a name.' }],
  [{}, { 'field token': 'Enter a value.' }],
  [{ values: { token: 'a' }, hosts: 'https://x' }, { hosts: expect.stringContaining('“https://x” is not a host') }],
  [
    { values: { token: 'a' }, hosts: `${'x'.repeat(300)}_` },
    { hosts: expect.stringMatching(/^“x{80}…” is not a host/) },
  ],
  [{ type: 'basic', values: { username: 'a:b', password: 'c' } }, { 'field username': 'It must not contain a colon.' }],
  [
    { type: 'jwt', values: { secret: 'a', jwks: 'b' } },
    {
      'field ': 'Fill in exactly one of these: Shared secret (HS256), Public key (PEM or JWK), Set of keys (JWKS).',
    },
  ],
] as const)('%j is told where it is wrong', (part, wrong) => {
  expect(judge(typed(part))).toEqual({ ok: false, wrong });
});

test('a secret of fewer than 8 characters is taken, and it is said that it is not hidden', () => {
  const [token] = credentialFields('bearer');
  const [username] = credentialFields('basic');
  expect(shortWords(token!.label, 'abcdefg')).toMatch(/fewer than 8 characters are not hidden/);
  for (const value of ['', 'abcdefgh']) expect(shortWords(token!.label, value)).toBeUndefined();
  expect(shortWords(username!.label, 'ann')).toBeUndefined();
  expect(judge(typed({ values: { token: 'abc' } }))).toMatchObject({ ok: true });
});

test('a secret that is there stays as it is when none is entered, unless it is to be sent to hosts that it was not sent to', () => {
  const there = { hosts: ['*.example.com'] };
  expect(judge(typed({ hosts: 'api.example.com' }), there)).toEqual({
    ok: true,
    draft: { name: 'Ledger', type: 'bearer', hosts: ['api.example.com'] },
  });
  expect(judge(typed({ hosts: 'api.example.com, evil.example' }), there)).toEqual({
    ok: false,
    wrong: { 'field token': 'Enter it again: so far it is not sent to evil.example.' },
  });
  expect(judge(typed({ hosts: '' }), there)).toEqual({
    ok: false,
    wrong: { 'field token': 'Enter it again: so far it is not sent to every host.' },
  });
  expect(judge(typed({ hosts: 'evil.example', values: { token: 'a' } }), there)).toMatchObject({
    draft: { fields: { token: 'a' }, hosts: ['evil.example'] },
  });
});

test('an empty form of every kind is told what it lacks', () => {
  for (const type of credentialTypeNames) expect(judge(typed({ type })), type).toMatchObject({ ok: false });
});

test('no two fields of a form have one name: the name of a connection stood over a second Name', () => {
  for (const type of credentialTypeNames) {
    const titles = ['Name', 'Kind', 'Allowed hosts', ...credentialFields(type).map(({ label }) => label.title)];
    expect(new Set(titles).size, type).toBe(titles.length);
  }
});

test('who will miss a credential is said by name', () => {
  expect(usesInWords([])).toBe('No workflow uses it.');
  expect(usesInWords(['Orders', 'Invoices'])).toBe('Orders, Invoices will fail without it.');
  expect(usesInWords(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe(
    'a, b, c, d, e and 2 more workflows will fail without it.',
  );
});
