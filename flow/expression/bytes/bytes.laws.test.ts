import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

it('encodes UTF-8 as the host does, lone surrogates included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect([...toUtf8(text)]).toEqual([...Buffer.from(text)]);
    }),
  );
});

it('decodes any bytes as the host does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(fromUtf8(bytes)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
    }),
  );
});

it('reads base64 that it wrote, and rubbish, as the host does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.string(), (bytes, text) => {
      const rubbish = text.replaceAll('=', '');
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect([...fromBase64(toBase64(bytes))]).toEqual([...bytes]);
      expect([...fromBase64(rubbish)]).toEqual([...Buffer.from(rubbish, 'base64')]);
    }),
  );
});
