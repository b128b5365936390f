import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCutBy } from './cut-input.ts';

test('a field says that it cut just when what is put in does not fit, whatever it replaces', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 8 }),
      fc.nat(8),
      fc.nat(8),
      fc.string({ maxLength: 12 }),
      (value, one, two, put) => {
        const [from, to] = [Math.min(one, two, value.length), Math.min(Math.max(one, two), value.length)];
        const whole = value.slice(0, from) + put + value.slice(to);
        expect(isCutBy(put, { value, from, to }, 8)).toBe(put !== '' && whole.length > 8);
      },
    ),
  );
});
