import type { Catalogue, NodeCard } from '../document/card.ts';

const card = (type: string, more: Partial<NodeCard> = {}): NodeCard => ({
  type,
  version: 1,
  title: type.slice('test.'.length),
  icon: 'box',
  summary: `The ${type} node of the tests.`,
  family: 'flow',
  inputs: { in: {} },
  outputs: { out: {} },
  needs: [],
  effect: 'pure',
  mode: 'each',
  params: { type: 'object' },
  defaults: {},
  checks: [],
  runOnEmpty: false,
  asTool: false,
  examples: [],
  ...more,
});

/** One card for each way in which the engine treats a node; params take anything. */
export const testCards: readonly NodeCard[] = [
  card('test.start', { family: 'trigger', role: 'start', inputs: {}, mode: 'all' }),
  card('test.pure'),
  card('test.all', { mode: 'all' }),
  card('test.two', { outputs: { a: {}, b: {} }, mode: 'all' }),
  card('test.merge', { inputs: { count: 'inputs', id: 'in' }, defaults: { inputs: 2 }, mode: 'all' }),
  card('test.idempotent', { needs: ['http'], effect: 'idempotent', family: 'connector' }),
  card('test.effect', { needs: ['http'], effect: 'effect', family: 'connector' }),
  card('test.loop', { role: 'loop', inputs: { in: {}, next: {} }, outputs: { done: {}, each: {} }, mode: 'turn' }),
  card('test.repeat', { role: 'repeat', inputs: { in: {}, next: {} }, outputs: { done: {}, try: {} }, mode: 'turn' }),
  card('test.join-first', { inputs: { in: { take: 'first' } }, mode: 'all' }),
  card('test.respond', { role: 'respond', mode: 'all' }),
  card('test.stop', { role: 'stop', outputs: {}, mode: 'all' }),
  card('test.timer', { needs: ['timer'], effect: 'idempotent', mode: 'all' }),
  card('test.called', {
    needs: ['timer'],
    effect: 'idempotent',
    mode: 'all',
    defaults: { on: true },
    callable: 'on',
    outputs: { out: {}, timeout: { when: 'on' } },
  }),
  card('test.review', { needs: ['review'], effect: 'idempotent', mode: 'all' }),
  card('test.model', {
    family: 'ai',
    inputs: {},
    outputs: { model: { kind: 'part' } },
    needs: ['ai'],
    effect: 'effect',
  }),
  card('test.agent', { family: 'ai', inputs: { in: {}, model: { kind: 'part' } }, needs: ['ai'], effect: 'effect' }),
];

/** A catalogue of those cards, or of others. */
export function catalogueOf(cards: readonly NodeCard[]): Catalogue {
  const byType = Map.groupBy(cards, (card) => card.type);
  return (type, version) => {
    const versions = byType.get(type) ?? [];
    return version === undefined
      ? versions.toSorted((a, b) => b.version - a.version)[0]
      : versions.find((card) => card.version === version);
  };
}

export const testCatalogue: Catalogue = catalogueOf(testCards);
