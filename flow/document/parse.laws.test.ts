import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyJson, someWorkflow } from '../testing/documents.ts';
import { parseWorkflow } from './parse.ts';
import { printWorkflow } from './print.ts';

test('what was printed reads as the same document', () => {
  fc.assert(
    fc.property(someWorkflow, (document) => {
      const parsed = parseWorkflow(printWorkflow(document));
      expect(parsed).toEqual({ ok: true, document });
      expect(parsed.ok && printWorkflow(parsed.document)).toBe(printWorkflow(document));
    }),
    { numRuns: 300 },
  );
});

test('it never throws, whatever it is given', () => {
  const close = fc.tuple(
    someWorkflow,
    fc.constantFrom('nodes', 'edges', 'notes', 'pins', 'settings', 'tests'),
    anyJson,
  );
  fc.assert(fc.property(fc.anything(), (input) => void parseWorkflow(input)));
  fc.assert(fc.property(fc.string(), (input) => void parseWorkflow(input)));
  fc.assert(
    fc.property(close, ([document, section, value]) => {
      const parsed = parseWorkflow({ ...document, [section]: value });
      const words = parsed.ok ? [] : parsed.issues.flatMap(({ message, mend }) => [message, mend]);
      for (const sentence of words) expect(sentence).toMatch(/^\S.+\.$/s);
    }),
  );
});
