import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Fact } from '../../flow/facts/fact.ts';
import type { RunState } from '../../flow/facts/state.ts';
import { draw } from '../../flow/testing/draw.ts';
import { set } from '../../nodes/data/set.ts';
import { cutEverywhere } from './testing/cut.ts';
import { generatedGraph } from './testing/graphs.ts';
import { farSide } from './testing/in-memory.ts';
import { testNodes } from './testing/nodes.ts';

const items = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

/** Effects go to a place of their own, so that the far side can tell them from what may repeat. */
const marked = (document: Workflow): Workflow => ({
  ...document,
  nodes: document.nodes.map((node) =>
    node.type === 'test.effect' ? { ...node, params: { url: 'http://effect/' } } : node,
  ),
});
const everywhere = (total: number) => Array.from({ length: total - 1 }, (_, index) => index + 1);

test.each([
  ['a chain of effects', 'a:test.start -> b:test.effect -> c -> d:test.effect'],
  ['effects beside a wait', 'a:test.start -> b:test.effect -> j\na -> w:test.wait -> j'],
  ['a loop with effects', 'a:test.start -> l:test.loop\nl.each -> b:test.effect -> c -> l.next\nl.done -> d'],
  ['a loop in one stage', 'a:test.start -> l:test.loop\nl.each -> b -> l.next\nl.done -> d:test.effect'],
  ['a node with journalled calls', 'a:test.start -> b:test.calls -> c:test.respond'],
  ['a stop', 'a:test.start -> b:test.effect -> s:test.stop'],
])('%s ends the same, cut at every fact', async (_, drawing) => {
  const options = { nodes: testNodes, far: farSide(), input: items(3) };
  expect(await cutEverywhere(marked(draw(drawing)), options, everywhere)).toBeGreaterThan(2);
});

test('a wait that is called by its link ends the same, cut at every fact: the link shown is one, and so is the call', async () => {
  const link = { params: { fields: [{ name: 'link', type: 'string', value: '{{ $step.resumeUrl }}' }] } };
  const document = draw('a:test.start -> s:data.set -> w:test.called -> b:test.effect', { s: link });
  const options = {
    nodes: [...testNodes, set],
    far: farSide(),
    answer: (state: RunState): Fact[] =>
      [...state.instances.values()]
        .filter(({ calls }) => [...calls.values()].some((call) => call.state === 'suspended'))
        .map(({ stage, path }) => ({
          type: 'token.answered',
          at: state.at,
          data: { stage, path, node: 'w', value: { method: 'POST', headers: {}, query: {}, body: { n: 7 } } },
        })),
  };
  expect(await cutEverywhere(marked(document), options, everywhere)).toBeGreaterThan(5);
});

test('generated graphs end the same, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      generatedGraph,
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
      async (graph, count, picks) => {
        const options = { nodes: testNodes, far: farSide(), input: items(count) };
        await cutEverywhere(marked(graph), options, (total) => new Set(picks.map((pick) => 1 + (pick % (total - 1)))));
      },
    ),
    { numRuns: 150 },
  );
});
