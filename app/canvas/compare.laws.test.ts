import fc from 'fast-check';
import { expect, test } from 'vitest';
import { publishedPrint } from '../../flow/document/fingerprint.ts';
import { someWorkflow } from '../../flow/testing/documents.ts';
import { edited } from '../../flow/testing/edited.ts';
import { someEdit } from '../../flow/testing/edits.ts';
import { catalogueOf } from '../graph/catalogue.ts';
import { loadTexts } from './checking.ts';
import { compare } from './compare.ts';
import { cards } from './testing/cards.ts';

await loadTexts();

test('what the bar lists is what Home calls changed: there is something to list exactly when publishing brings something', () => {
  const known = catalogueOf(cards);
  fc.assert(
    fc.property(someWorkflow, fc.array(someEdit, { minLength: 1, maxLength: 4 }), (live, edits) => {
      const draft = edited(live, edits);
      const isChanged = publishedPrint(live) !== publishedPrint(draft);
      expect(compare(live, draft, known).length > 0, JSON.stringify(compare(live, draft, known))).toBe(isChanged);
    }),
    { numRuns: 500 },
  );
});
