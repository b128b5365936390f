import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { openKeyring } from './keyring.ts';
import { masterKeyOf, seal, unseal } from './seal.ts';

const master = masterKeyOf(Buffer.from('a master key of some length'));
const place = { workspace: 'ws_1', id: 'credential_1' };
const bytes = fc.string({ unit: 'binary', maxLength: 200 });

test('what was sealed opens again, whatever it is, and never looks the same twice', () => {
  fc.assert(
    fc.property(bytes, bytes, bytes, (text, workspace, id) => {
      const at = { workspace, id };
      const sealed = seal(text, at, master);
      // A lone surrogate is no text in UTF-8; nothing that comes over HTTP has one.
      expect(unseal(sealed, at, master)).toBe(text.toWellFormed());
      expect(seal(text, at, master).sealed).not.toBe(sealed.sealed);
    }),
  );
});

test('it opens in its own place only: not in another workspace, not as another credential, not under another key (C5)', () => {
  const sealed = seal('secret', place, master);
  const other = masterKeyOf(Buffer.from('another master key'));
  expect(unseal(sealed, place, master)).toBe('secret');
  for (const [at, key] of [
    [{ ...place, workspace: 'ws_2' }, master],
    [{ ...place, id: 'credential_2' }, master],
    [{ workspace: 'ws_1","credential_1', id: '' }, master],
    [place, other],
  ] as const)
    expect(() => unseal(sealed, at, key)).toThrow();
});

test('one bit that differs, anywhere, and it does not open', () => {
  const sealed = seal('secret', place, master);
  for (const part of ['wrapped', 'sealed'] as const) {
    const whole = Buffer.from(sealed[part], 'base64url');
    for (let at = 0; at < whole.length; at++) {
      const bent = Buffer.from(whole);
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect(() => unseal({ ...sealed, [part]: bent.toString('base64url') }, place, master)).toThrow();
    }
    expect(() => unseal({ ...sealed, [part]: '' }, place, master)).toThrow();
  }
  // The data key of one secret does not open another's.
  const second = seal('other', place, master);
  expect(() => unseal({ ...sealed, wrapped: second.wrapped }, place, master)).toThrow();
});

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));
function newHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'heddle-keys-'));
  folders.push(home);
  return home;
}

test('the first start makes a key file that only its owner reads; later ones take the same', () => {
  const home = newHome();
  const first = openKeyring({ home, masterKey: undefined });
  expect(first.state()).toMatchObject({ from: 'missing', ids: [] });
  first.have();
  const file = path.join(home, 'keys/master.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(first.state()).toMatchObject({ from: 'file', file, ids: [expect.stringMatching(/^key_/)] });
  const sealed = first.seal('secret', place);
  expect(openKeyring({ home, masterKey: undefined }).open(sealed, place)).toBe('secret');
});

test('HEDDLE_MASTER_KEY seals, and the file that was there before still opens what it sealed', () => {
  const home = newHome();
  const old = openKeyring({ home, masterKey: undefined }).seal('secret', place);
  const both = openKeyring({ home, masterKey: 'a master key of some length' });
  expect(both.state().from).toBe('HEDDLE_MASTER_KEY');
  expect(both.open(old, place)).toBe('secret');
  const later = both.seal('secret', place);
  expect([later.keyId === old.keyId, both.opens(later.keyId), both.opens(old.keyId)]).toEqual([false, true, true]);
  expect(openKeyring({ home: newHome(), masterKey: 'a master key of some length' }).open(later, place)).toBe('secret');
});

test('a key that is lost or damaged is a fault with what mends it, and breaks nothing else', () => {
  const home = newHome();
  const sealed = openKeyring({ home, masterKey: undefined }).seal('secret', place);
  const lost = openKeyring({ home: newHome(), masterKey: undefined });
  expect(lost.opens(sealed.keyId)).toBe(false);
  expect(() => lost.open(sealed, place)).toThrow(
    expect.objectContaining({ code: 'credential.locked', done: 'no', mend: expect.stringContaining('master key') }),
  );
  writeFileSync(path.join(home, 'keys/master.key'), 'short');
  const damaged = openKeyring({ home, masterKey: undefined });
  expect(damaged.state()).toMatchObject({ from: 'missing', trouble: expect.stringContaining('5 bytes, not 32') });
  expect(damaged.opens(sealed.keyId)).toBe(false);
  expect(() => damaged.open(sealed, place)).toThrow(expect.objectContaining({ code: 'credential.locked' }));
  expect(openKeyring({ home, masterKey: 'a master key of some length' }).opens(sealed.keyId)).toBe(false);
});
