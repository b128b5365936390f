import './rename-texts.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applied } from '../../testing/edited.ts';
import { someWorkflow } from '../../testing/documents.ts';
import { someEdit } from '../../testing/edits.ts';
import { printWorkflow } from '../print.ts';
import { apply } from './apply.ts';
import { edit } from './edit.ts';
import type { Edit } from './edit.ts';

test('an edit and then its undo give the document back, for any edits in any order', () => {
  let carried = 0;
  fc.assert(
    fc.property(someWorkflow, fc.array(someEdit, { minLength: 1, maxLength: 12 }), (start, changes) => {
      let document = start;
      const undos: Edit[] = [];
      for (const change of changes) {
        const before = structuredClone(document);
        const outcome = apply(document, change);
        expect(document).toEqual(before);
        if ('refused' in outcome) continue;
        carried++;
        expect(apply(outcome.document, outcome.undo)).toMatchObject({ document });
        undos.push(outcome.undo);
        document = outcome.document;
      }
      for (const undo of undos.toReversed()) document = applied(document, undo);
      expect(document).toEqual(start);
      expect(printWorkflow(document)).toBe(printWorkflow(start));
    }),
    { numRuns: 400 },
  );
  expect(carried).toBeGreaterThan(500);
});

test('an undo is data that crosses a boundary as any edit does', () => {
  fc.assert(
    fc.property(someWorkflow, someEdit, (document, change) => {
      const outcome = apply(document, change);
      if ('refused' in outcome) return;
      const carried = edit.parse(JSON.parse(JSON.stringify(outcome.undo)));
      expect(applied(outcome.document, carried)).toEqual(document);
    }),
  );
});
