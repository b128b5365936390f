import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redacted } from './cover.ts';
import { redactor } from './redactor.ts';
import type { Redactor } from './redactor.ts';
import { encodings, fixed, randomOf, secrets } from './testing/encodings.ts';

/** The bytes cut at these shares of their length, as a network might. */
async function* cut(bytes: Uint8Array, shares: readonly number[]): AsyncGenerator<Uint8Array> {
  const places = shares.map((share) => Math.floor(share * bytes.length)).toSorted((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

async function passed(redact: Redactor, chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of redact.stream(chunks)) parts.push(part);
  return Buffer.concat(parts);
}

const seeds = fc.integer({ min: 1, max: 0x7fff_ffff });
/** Stretches with and without secrets, long enough that these lie about the borders of the pieces that are looked through. */
const stretch = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...Object.values(encodings)), seeds) },
  { weight: 1, arbitrary: fc.constantFrom('"', '""', "'", '\\', '%', '&', '\0', 'ä', '=') },
  { weight: 3, arbitrary: fc.nat(70_000).map((length) => 'x'.repeat(length)) },
  { weight: 2, arbitrary: fc.nat(400).map((length) => '-'.repeat(length)) },
);

test('however bytes are cut on their way, the same comes out as if they had come as one', async () => {
  await fc.assert(
    fc.asyncProperty(
      secrets,
      fc.array(stretch, { minLength: 1, maxLength: 14 }),
      fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
      fc.constantFrom('utf8', 'utf16le', 'latin1'),
      async (secret, stretches, shares, encoding) => {
        const text = stretches
          .map((one) => (typeof one === 'string' ? one : one[0](secret, randomOf(one[1]))))
          .join('');
        const bytes = Buffer.from(text, encoding);
        const redact = redactor([secret]);
        const whole = Buffer.from(await redact.bytes(bytes));
        expect((await passed(redact, cut(bytes, shares))).equals(whole)).toBe(true);
      },
    ),
    { numRuns: 150, seed: fixed },
  );
});

test.each([1, 2, 3])(
  'a secret at every place about the border of a piece is taken out whole, in chunks of %i',
  async (size) => {
    const secret = 'pä$$w/rd "1"?+';
    const redact = redactor([secret]);
    const piece = 64 * 1024;
    for (let at = piece - 30; at <= piece + 2; at++) {
      const bytes = Buffer.concat([Buffer.alloc(at, 'x'), Buffer.from(secret), Buffer.alloc(40, 'y')]);
      const shares = Array.from({ length: 60 }, (_, n) => (piece - 32 + n * size) / bytes.length).filter(
        (one) => one < 1,
      );
      const out = (await passed(redact, cut(bytes, shares))).toString();
      expect(out).toBe(`${'x'.repeat(at)}${redacted}${'y'.repeat(40)}`);
    }
  },
);

test('of what is made of nothing but secrets little is held, and nothing of them comes out', async () => {
  const secret = 'abcdefgh';
  const redact = redactor([secret]);
  let taken = 0;
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (; taken < 20_000_000; taken += 80_000) {
      // More than some pieces are never held: what is covered is given on.
      expect(taken === 0 || taken < 1_000_000 || given > 0).toBe(true);
      yield Buffer.from(secret.repeat(10_000));
    }
  }
  for await (const part of redact.stream(endless())) {
    given += part.length;
    expect(Buffer.from(part).toString()).toMatch(/^(\[redacted\])*$/);
  }
  expect(given).toBeLessThan(1_000);
});

test('what holds no secret comes out byte for byte, and chunks are not held until the end', async () => {
  const redact = redactor(['a secret of some length']);
  const chunk = Buffer.alloc(64 * 1024, 'a secret of some lengt');
  let open = 0;
  let most = 0;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < 100; n++) {
      open += chunk.length;
      most = Math.max(most, open);
      yield chunk;
    }
  }
  const parts: Uint8Array[] = [];
  for await (const part of redact.stream(chunks())) {
    open -= part.length;
    parts.push(part);
  }
  expect(Buffer.concat(parts).equals(Buffer.concat(Array.from({ length: 100 }, () => chunk)))).toBe(true);
  expect(most).toBeLessThan(500_000);
});
