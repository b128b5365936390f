import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../flow/facts/faults.ts';
import { toJson } from './json-edge.ts';

describe('the JSON of what a node returned', () => {
  test('good data is passed through, not copied', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(toJson(value)).toBe(value);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['undefined fields are left out', { a: undefined, b: 1 }, { b: 1 }],
    ['undefined in a list is null', [1, undefined], [1, null]],
    ['NaN and Infinity are null', { a: Number.NaN, b: [Infinity] }, { a: null, b: [null] }],
    ['a date is its ISO text', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['a big integer stays exact, as text', 2n ** 60n, '1152921504606846976'],
    [
      'deep inside',
      { a: [{ b: { c: undefined, d: new Date(0) } }] },
      { a: [{ b: { d: '1970-01-01T00:00:00.000Z' } }] },
    ],
  ])('%s', (_, value, expected) => {
    expect(toJson(value)).toEqual(expected);
    expect(JSON.stringify(toJson(value))).toBe(JSON.stringify(expected));
  });

  test('it agrees with JSON.stringify on whatever it takes', () => {
    const messy = fc.anything({ withDate: true, maxDepth: 3 }).filter((value) => value !== undefined);
    fc.assert(
      fc.property(messy, (value) => {
        const outcome = attempt(value);
        expect(outcome.refused || JSON.stringify(outcome.made) === JSON.stringify(value)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('a key called __proto__ stays data', () => {
    const value = JSON.parse('{"__proto__": {"admin": true}, "gone": null}') as Record<string, unknown>;
    const made = toJson({ ...value, gone: undefined, kept: 1 }) as Record<string, unknown>;
    expect(Object.keys(made)).toEqual(['__proto__', 'kept']);
    expect('admin' in made).toBe(false);
  });

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  test.each([
    ['a function', { f: () => 1 }],
    ['a symbol', Symbol('s')],
    ['bytes', new Uint8Array(2)],
    ['a map', new Map()],
    ['a cycle', cycle],
  ])('%s is refused with what to do instead', (_, value) => {
    expect(() => toJson(value)).toThrow(
      expect.objectContaining({ code: 'data.invalid', mend: expect.stringContaining('file') }),
    );
  });

  test('what came in is not looked at again', () => {
    const big = { f: () => 1 };
    expect(() => toJson({ big, n: 1 }, { big })).not.toThrow();
    expect(() => toJson({ big, n: 1 })).toThrow(Fault);
  });
});

/** A refusal must be a fault of the catalogue; anything else thrown fails the test. */
function attempt(value: unknown): { made?: unknown; refused: boolean } {
  try {
    return { made: toJson(value), refused: false };
  } catch (error) {
    if (error instanceof Fault) return { refused: true };
    throw error;
  }
}
