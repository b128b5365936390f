import { expect, test } from 'vitest';
import iconv from 'iconv-lite';
import { readingOf } from './reading.ts';

const replyOf = (bytes: Uint8Array, type = 'text/plain') => ({
  status: 500,
  headers: { 'content-type': type },
  url: 'https://api.example.com/',
  bytes,
});

/** How an answer begins, and how long each text was that was worked on for that. */
async function openingOf(bytes: Uint8Array, type?: string) {
  const passed: number[] = [];
  const reading = readingOf(
    replyOf(bytes, type),
    () => {},
    (text) => {
      passed.push(text.length);
      return text;
    },
  );
  return { opening: await reading.opening(), passed };
}

test('how ten megabytes begin is read from sixteen kilobytes, without their end, where half a secret may stand', async () => {
  const { opening, passed } = await openingOf(Buffer.from(`No.${' x'.repeat(5 * 1024 * 1024)}`));
  expect(passed).toEqual([16_384]);
  expect(opening).toMatch(/^No\. x x/);
  expect(opening).toHaveLength(15_360);
});

test('a short answer is read whole', async () => {
  expect((await openingOf(Buffer.from('No.'))).opening).toBe('No.');
});

test.each([
  ['utf-8', '€'],
  ['shift_jis', 'あ'],
  ['gb18030', '㐀'],
  ['utf-16le', '😀'],
])('a character of %s that is cut in two spoils nothing', async (encoding, character) => {
  for (const before of ['', 'a', 'ab', 'abc']) {
    const { opening } = await openingOf(
      iconv.encode(before + character.repeat(40_000), encoding),
      `text/plain; charset=${encoding}`,
    );
    expect(opening.startsWith(before + character.repeat(1_000))).toBe(true);
    expect(opening).not.toContain('\ufffd');
  }
});

test('bytes that are no text are shown all the same', async () => {
  const { opening } = await openingOf(Buffer.alloc(40_000, 0xff), 'text/plain; charset=utf-8');
  expect(opening).toContain('\ufffd');
});
