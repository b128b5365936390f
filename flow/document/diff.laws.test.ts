import fc from 'fast-check';
import { expect, test } from 'vitest';
import { someWorkflow } from '../testing/documents.ts';
import { diff, diffWords } from './diff.ts';

test('no difference, no words; and any two documents can be compared', () => {
  fc.assert(
    fc.property(someWorkflow, someWorkflow, (one, other) => {
      expect(diffWords(diff(one, structuredClone(one)), one)).toEqual([]);
      for (const sentence of diffWords(diff(one, other), other)) expect(sentence).toMatch(/\.$/);
    }),
  );
});
