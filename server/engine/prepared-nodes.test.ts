import { expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import type { Plan } from '../../flow/compile/plan.ts';
import { wordNode } from '../catalogue/testing.ts';
import { PreparedNodes } from './prepared-nodes.ts';
import { planOf } from './testing/test-engine.ts';

const { signal } = new AbortController();
const bare = planOf(draw('a:test.start -> b -> c'));
const plan: Plan = { ...bare, nodes: { ...bare.nodes, b: { ...bare.nodes['b']!, type: 'own.word', content: 'abc' } } };
const node = plan.nodes['b']!;

test('what one workspace made is not lent to another whose plan is the same', async () => {
  const asked: string[] = [];
  const nodes = new PreparedNodes(async (workspace) => {
    asked.push(workspace);
    return workspace === 'ws_1' ? wordNode('mine') : undefined;
  });
  const [own, other, again] = ['ws_1', 'ws_2', 'ws_1'].map((workspace) => nodes.of({ workspace, plan }, signal));
  expect(own?.prepared(node)).toBeUndefined();
  await own?.whenPrepared(['b']);
  expect(own?.prepared(node)).toBeDefined();
  await other?.whenPrepared(['b']);
  expect(other?.prepared(node)).toBeUndefined();
  await again?.whenPrepared(['b']);
  expect(again?.prepared(node)).toBe(own?.prepared(node));
  expect(asked).toEqual(['ws_1', 'ws_2']);
});

test('what was not there is asked for again, and nodes of this build keep nobody waiting', async () => {
  let isThere = false;
  const nodes = new PreparedNodes((_workspace, { content }) => {
    if (content === undefined) return wordNode('at hand');
    return Promise.resolve(isThere ? wordNode('late') : undefined);
  });
  const place = { workspace: 'ws_1', plan };
  const early = nodes.of(place, signal);
  expect(early.whenPrepared(['a', 'c'])).toBeUndefined();
  expect(early.prepared(plan.nodes['c']!)).toBeDefined();
  await early.whenPrepared(['a', 'b', 'c']);
  expect(early.prepared(node)).toBeUndefined();
  isThere = true;
  const late = nodes.of(place, signal);
  await late.whenPrepared(['b']);
  expect(late.prepared(node)).toBeDefined();
});

/** Prepares a node with this text as one of a plan with that fingerprint, among the same prepared nodes. */
function preparing(text: string) {
  const nodes = new PreparedNodes(() => wordNode('at hand'));
  const long = { ...plan.nodes['a']!, params: { text } };
  return (fingerprint: string) =>
    nodes.of({ workspace: 'ws_1', plan: { ...plan, fingerprint } }, signal).prepared(long);
}

test('what is kept was counted and not measured: thirty nodes with texts of 3 MB held 176 MB for good', () => {
  const prepare = preparing('x'.repeat(10 * 1024 * 1024));
  const first = prepare('plan 0');
  expect(prepare('plan 0')).toBe(first);
  for (let n = 1; n <= 6; n++) prepare(`plan ${n}`);
  expect(prepare('plan 0')).not.toBe(first);
  const last = prepare('plan 6');
  expect(prepare('plan 6')).toBe(last);
});

test('what is made of expressions is counted too: 64 MB of them took gigabytes', () => {
  const prepare = preparing('{{ $json.name }}'.repeat(5_000));
  const first = prepare('plan 0');
  expect(prepare('plan 0')).toBe(first);
  for (let n = 1; n <= 6; n++) prepare(`plan ${n}`);
  expect(prepare('plan 0')).not.toBe(first);
});
