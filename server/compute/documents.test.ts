import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { judge, readWorkflow } from '../../flow/check/judge.ts';
import type { Asked } from '../../flow/check/judge.ts';
import type { Node, Workflow } from '../../flow/document/workflow.ts';
import { someWorkflow } from '../../flow/testing/documents.ts';
import { openCatalogue } from '../catalogue/catalogue.ts';
import { OwnNodes, wordNode } from '../catalogue/testing.ts';
import { openCompute } from './compute.ts';
import { carryJudge, carryRead, readBack, strangeCards } from './document-jobs.ts';

// What is worked out elsewhere is what would have been worked out here, to the last byte.

const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));
const own = new OwnNodes();
own.put('ws_main', wordNode('mine'), 'mine');
const nodes = await openCatalogue([own]).catalogueOf('ws_main');
const context = {
  types: nodes.types,
  credentials: ['crm'],
  workflows: [{ id: 'w_b', name: 'B', isPublished: true, calls: [] }],
  id: 'w_a',
  hasOwnAddress: false,
};

const folder = path.join(import.meta.dirname, '../../workflows-examples');
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => {
    const read = readWorkflow(readFileSync(path.join(folder, name), 'utf8'));
    return read.ok ? [read.document] : [];
  });

const types = [...nodes.types, 'own.word', 'own.wrod', 'data.sett'];
/** Examples with nodes that were changed for others, and anything that is a document. */
const anyDocument: fc.Arbitrary<Workflow> = fc.oneof(
  someWorkflow,
  fc
    .tuple(fc.constantFrom(...examples), fc.array(fc.tuple(fc.nat(30), fc.constantFrom(...types)), { maxLength: 3 }))
    .map(([example, changes]) => ({
      ...example,
      nodes: changes.reduce<Node[]>(
        (list, [at, type]) => list.map((node, index) => (index === at % list.length ? { ...node, type } : node)),
        [...example.nodes],
      ),
    })),
);
const anyAsked = fc.constantFrom<Asked>('issues', 'plan', 'version', 'manifest');

test('a document that is judged elsewhere comes to the same Issues, plan, grants and prints', async () => {
  const seen = { plans: 0, own: 0 };
  await fc.assert(
    fc.asyncProperty(anyDocument, anyAsked, async (document, asked) => {
      const here = judge(document, nodes.catalogue, context, asked);
      const cards = await strangeCards(document, nodes.catalogue);
      const job = throughJson({ what: 'judge' as const, document, context, asked, cards });
      expect(JSON.stringify(throughJson(await carryJudge(job)))).toBe(JSON.stringify(here));
      if (here.plan) seen.plans += 1;
      if (cards.length > 0) seen.own += 1;
    }),
    { numRuns: 300 },
  );
  expect(seen.plans).toBeGreaterThan(10);
  expect(seen.own).toBeGreaterThan(3);
});

test('a document that is read elsewhere is the same, whole or refused, and travels back only where it was changed', () => {
  const given = fc.oneof(
    fc.tuple(someWorkflow, fc.constantFrom<object>({}, { notes: [] }, { heddle: 2 }, { strange: 1 }, { name: '' })),
    fc.tuple(fc.constantFrom(...examples), fc.constantFrom<object>({}, { tests: [] })),
  );
  fc.assert(
    fc.property(given, ([document, change]) => {
      const sent = { ...document, ...change };
      const back = throughJson(carryRead(throughJson({ what: 'read', given: sent })));
      expect(readBack(sent, back)).toEqual(readWorkflow(sent));
      if (back.ok) expect('document' in back).toBe(hasEmpty(sent));
    }),
  );
});

/** Sections beside the graph that are empty count as absent. */
const hasEmpty = (sent: Partial<Workflow>): boolean =>
  [sent.notes, sent.groups, sent.pins, sent.tests].some((part) => part && Object.keys(part).length === 0);

test('the process of the pool reads and judges, and does the next job after', async () => {
  const compute = openCompute({ memoryMb: 512, most: 1 });
  onTestFinished(() => compute.close());
  const { signal } = new AbortController();
  const [document] = examples;
  if (!document) throw new Error('there are no examples');
  expect(await compute.read('ws_main', document, signal)).toEqual(readWorkflow(document));
  const cards = await strangeCards(document, nodes.catalogue);
  const judged = await compute.judge('ws_main', { document, context, asked: 'version', cards }, signal);
  expect(judged).toEqual(throughJson(judge(document, nodes.catalogue, context, 'version')));
});
