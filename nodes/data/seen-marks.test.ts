import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memory, sift } from './seen-marks.ts';
import type { Memory } from './seen-marks.ts';

const batch = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'ö'), { maxLength: 6 });

describe('remembering what was seen', () => {
  test('over any runs every item is new exactly once, also when calls are repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ marks: batch, times: fc.integer({ min: 1, max: 3 }) })), (runs) => {
        let kept: Memory | undefined;
        const passed: string[] = [];
        runs.forEach(({ marks, times }, call) => {
          const tries = Array.from({ length: times }, () => {
            const sifted = sift(marks, kept, `call ${call}`, 100);
            kept = memory.parse(JSON.parse(JSON.stringify(sifted.after)));
            return [...sifted.fresh];
          });
          for (const one of tries) expect(one).toEqual(tries[0]);
          passed.push(...tries[0]!.map((index) => marks[index]!));
        });
        expect(passed.toSorted()).toEqual([...new Set(runs.flatMap(({ marks }) => marks))].toSorted());
      }),
      { numRuns: 300 },
    );
  });

  test('what stays in the feed is never forgotten, what has left it goes first', () => {
    let kept: Memory | undefined;
    const run = (marks: string[], call: string): number[] => {
      const { fresh, after } = sift(marks, kept, call, 3);
      kept = after;
      return [...fresh];
    };
    expect(run(['old', 'stays'], '1')).toEqual([0, 1]);
    expect(run(['stays', 'x'], '2')).toEqual([1]);
    expect(run(['stays', 'y'], '3')).toEqual([1]);
    expect(kept?.marks).toEqual(['x', 'stays', 'y']);
    expect(run(['old'], '4')).toEqual([0]);
  });

  test('a batch that cannot be remembered whole is refused', () => {
    expect(() => sift(['a', 'b', 'c'], undefined, '1', 2)).toThrow('more than the 2 different items');
  });

  test('as much as may be remembered fits into one value of the state', () => {
    const marks = Array.from({ length: 4_000 }, (_, at) => at.toString(16).padStart(12, '0'));
    expect(JSON.stringify(sift(marks, undefined, 'wf_'.padEnd(64, 'x'), 4_000).after).length).toBeLessThan(65_536);
  });
});
