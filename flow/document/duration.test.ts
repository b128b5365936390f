import { expect, test } from 'vitest';
import { durationMs, longestDuration, parseDuration } from './duration.ts';

const nines = `${'9'.repeat(400)}s`;

test.each([
  ['250ms', 250],
  ['1.5h', 5_400_000],
  ['PT1H30M', 5_400_000],
  ['0.0001s', 1],
  ['1.1h', 3_960_000],
  ['P0.07D', 6_048_000],
  [90, 90_000],
  [0.07, 70],
  [0, 0],
])('%j is %i ms', (written, ms) => expect(durationMs(written)).toBe(ms));

test.each(['', 'soon', '-5s', '1e400s', 'NaN', 'Infinity', 'P', -5, Number.NaN, Number.POSITIVE_INFINITY])(
  '%j is no duration',
  (written) => {
    expect(parseDuration(written)).toBeUndefined();
    expect(durationMs(written)).toBeUndefined();
  },
);

test.each(['9999999999999d', nines, 1e300, `P${'9'.repeat(400)}W`])(
  'what goes by %j goes by a hundred years, and the check hears that it is more',
  (written) => {
    expect(parseDuration(written)).toBeGreaterThan(longestDuration);
    expect(durationMs(written)).toBe(longestDuration);
  },
);
