import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64url, sha256 } from '../../flow/document/hashing.ts';
import { parseInPieces } from '../text/json-pieces.ts';
import { JsonScan } from '../text/json-scan.ts';
import { rememberJson } from '../text/known-json.ts';
import { Turns } from '../text/turns.ts';
import { wideFrom, wideKeys } from '../text/wide-object.ts';
import { requestHash } from './request-hash.ts';

test('a call of a run that was journalled before is the same call: the hash of its JSON, however large it is', async () => {
  const before = (op: string, request: unknown) =>
    base64url(sha256(`${op}\n${JSON.stringify(request) ?? ''}`).subarray(0, 16));
  const large = { rows: Array.from({ length: 5_000 }, (_, id) => ({ id, note: '🎈'.repeat(20), gone: undefined })) };
  for (const request of [undefined, null, 7, 'a\ud800', large])
    expect(await requestHash('op', request)).toBe(before('op', request));
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.jsonValue(), async (op, request) => {
      expect(await requestHash(op, request)).toBe(before(op, request));
    }),
  );
});

test('an object of very many keys is the same however it was read', async () => {
  const text = `{${Array.from({ length: wideFrom + 2 }, (_, at) => `"${at % 2 ? at : `k${at}`}":1`)
    .reverse()
    .join()}}`;
  const wide = await parseInPieces(new JsonScan(text, 'none'), new Turns());
  expect(wideKeys(wide as object)).toBeDefined();
  expect(await requestHash('op', wide)).toBe(await requestHash('op', JSON.parse(text)));
});

test('how a value was written when it came in makes no difference', async () => {
  const value = { a: 1 };
  const before = await requestHash('op', { value });
  rememberJson(value, '{ "a": 1.0 }');
  expect(await requestHash('op', { value })).toBe(before);
});
