import fc from 'fast-check';
import { expect, it } from 'vitest';
import { frame, frameInParts, frameReader } from './frames.ts';

it('frames come out as they went in, however the pipe cuts them', () => {
  const frames = fc.array(fc.tuple(fc.dictionary(fc.string(), fc.string()), fc.string({ unit: 'grapheme' })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(frames, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (given, cuts) => {
      const bytes = Buffer.concat(given.map(([head, body]) => frame(head, body)));
      const got: [unknown, string][] = [];
      const read = frameReader(
        1_000_000,
        (head, body) => got.push([JSON.parse(head), body]),
        () => got.push(['too large', '']),
      );
      for (let at = 0; at < bytes.length;) {
        const size = cuts.next().value;
        read(bytes.subarray(at, at + size));
        at += size;
      }
      expect(got).toEqual(given.map(([head, body]) => [JSON.parse(JSON.stringify(head)), body]));
    }),
  );
});

it('a frame that announces too much is refused before it has come, once', () => {
  const seen: string[] = [];
  const read = frameReader(
    100,
    () => seen.push('frame'),
    () => seen.push('too large'),
  );
  const bytes = frame({}, 'x'.repeat(200));
  read(bytes.subarray(0, 20));
  read(bytes.subarray(20));
  read(frame({}));
  expect(seen).toEqual(['too large']);
});

it('a body in parts is the body that they are together', () => {
  const parts = ['a', '', 'å🎈', 'x'.repeat(1_000)];
  expect(Buffer.concat(frameInParts({ kind: 'run' }, parts))).toEqual(frame({ kind: 'run' }, parts.join('')));
});
