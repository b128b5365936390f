import fc from 'fast-check';
import * as z from 'zod';
import type { Node, Workflow } from '../flow/document/workflow.ts';
import { defineNode, deliver } from '../nodes/kit/define-node.ts';
import type { AnyNode } from '../nodes/kit/define-node.ts';
import { testNodes } from '../server/engine/testing/nodes.ts';

/** A node that sends each item one way, and skips the ways that no item took, as the rules nodes do. */
const split = defineNode({
  version: 1,
  title: 'Split',
  icon: 'box',
  summary: 'Sends items by what they hold.',
  examples: [],
  type: 'test.split',
  params: z.object({ word: z.string().default('odd') }),
  inputs: { in: {} },
  outputs: { yes: { title: 'Has it' }, no: {} },
  effect: 'pure',
  branches: true,
  each: ({ item, params }) =>
    JSON.stringify(item).includes(params.word) ? deliver({ yes: [item] }) : deliver({ no: [item] }),
});

/** The nodes that pictured runs are made of. */
export const picturedNodes: readonly AnyNode[] = [...testNodes, split];

type Piece =
  | { readonly kind: 'row'; readonly nodes: readonly Pick<Node, 'type' | 'settings'>[] }
  | { readonly kind: 'then'; readonly first: Piece; readonly second: Piece }
  | {
      readonly kind: 'fork';
      readonly by: 'test.two' | 'test.split';
      readonly left: Piece;
      readonly right: Piece;
      readonly join: 'join' | 'merge' | 'none';
      readonly isNamed: boolean;
    }
  | { readonly kind: 'loop'; readonly by: 'test.loop' | 'test.repeat'; readonly body: Piece };

const one = fc.oneof(
  fc
    .constantFrom('test.pure', 'test.pure', 'test.idempotent', 'test.effect', 'test.wait', 'test.calls', 'test.empty')
    .map((type) => ({ type })),
  fc.constantFrom('test.count', 'test.ask', 'test.join-first').map((type) => ({ type })),
  fc.constantFrom('stop', 'port', 'ignore', 'ignore').map((onError) => ({
    type: 'test.fail',
    settings: { onError: onError as 'stop' },
  })),
  fc.constant({ type: 'test.pure', settings: { disabled: true } }),
  fc.constant({ type: 'test.pure', settings: { runOnEmpty: true } }),
  fc.constantFrom('test.idempotent', 'test.calls').map((type) => ({
    type,
    settings: { retry: { times: 2, wait: '1s' } },
  })),
  fc.constant({ type: 'test.effect', settings: { concurrency: 3, onError: 'port' as const } }),
);

const { piece } = fc.letrec<{ piece: Piece }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.array(one, { minLength: 1, maxLength: 3 }).map((nodes): Piece => ({ kind: 'row', nodes })),
    fc.record({ kind: fc.constant('then' as const), first: tie('piece'), second: tie('piece') }),
    fc.record({
      kind: fc.constant('fork' as const),
      by: fc.constantFrom('test.two' as const, 'test.split' as const),
      left: tie('piece'),
      right: tie('piece'),
      join: fc.constantFrom('join' as const, 'merge' as const, 'none' as const),
      isNamed: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('loop' as const),
      by: fc.constantFrom('test.loop' as const, 'test.repeat' as const),
      body: tie('piece'),
    }),
  ),
}));

class Building {
  readonly nodes: Workflow['nodes'] = [];
  readonly edges: Workflow['edges'] = [];

  node(more: Pick<Node, 'type' | 'settings'>): string {
    const key = `n${this.nodes.length}`;
    this.nodes.push({ key, ...more });
    return key;
  }

  add(piece: Piece, from: string): string {
    if (piece.kind === 'row')
      return piece.nodes.reduce((before, node) => {
        const key = this.node(node);
        this.edges.push({ from: before, to: key });
        return key;
      }, from);
    if (piece.kind === 'then') return this.add(piece.second, this.add(piece.first, from));
    if (piece.kind === 'loop') {
      const loop = this.node({ type: piece.by });
      this.edges.push({ from, to: `${loop}.in` });
      const end = this.add(piece.body, `${loop}.${piece.by === 'test.loop' ? 'each' : 'try'}`);
      this.edges.push({ from: end, to: `${loop}.next` });
      return loop;
    }
    const fork = this.node({ type: piece.by });
    const [first, second] = piece.by === 'test.two' ? ['a', 'b'] : ['yes', 'no'];
    this.edges.push({ from, to: fork });
    const left = this.add(piece.left, piece.isNamed ? `${fork}.${first}` : fork);
    const right = this.add(piece.right, `${fork}.${second}`);
    if (piece.join === 'none') return left;
    const join = this.node({ type: piece.join === 'join' ? 'test.pure' : 'test.merge' });
    this.edges.push(
      { from: left, to: piece.join === 'join' ? join : `${join}.in1` },
      { from: right, to: piece.join === 'join' ? join : `${join}.in2` },
    );
    return join;
  }
}

/**
 * Workflows of everything a run's picture tells apart: branches that items take and that nobody takes, joins, nested loops, repeats, effects item by
 * item, faults that stop, leave by a port or are passed over, reviews, disabled nodes, retries, empty lists. An edge of a first port has no
 * name, or has one.
 */
export const picturedGraph: fc.Arbitrary<Workflow> = piece.map((made) => {
  const building = new Building();
  const start = building.node({ type: 'test.start' });
  const last = building.add(made, start);
  building.edges.push({ from: last, to: building.node({ type: 'test.pure' }) });
  // A second start that is not used: what hangs on it is skipped.
  const idle = building.node({ type: 'test.start' });
  building.edges.push({ from: idle, to: building.node({ type: 'test.count' }) });
  return { heddle: 1, name: 'Pictured', nodes: building.nodes, edges: building.edges };
});
