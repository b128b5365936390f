import fc from 'fast-check';
import type { Workflow } from '../../../flow/document/workflow.ts';

/** A piece of a graph: nodes in a row, a fork that joins again, a loop around a piece, or a branch that ends. */
type Piece =
  | { readonly kind: 'row'; readonly types: readonly string[] }
  | { readonly kind: 'fork'; readonly left: Piece; readonly right: Piece; readonly join: 'join' | 'merge' }
  | { readonly kind: 'loop'; readonly body: Piece; readonly size: number }
  | { readonly kind: 'then'; readonly first: Piece; readonly second: Piece };

const row = fc.array(
  fc.constantFrom('test.pure', 'test.pure', 'test.idempotent', 'test.effect', 'test.wait', 'test.calls'),
  { minLength: 1, maxLength: 3 },
);

const piece = fc.letrec<{ piece: Piece }>((tie) => ({
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    row.map((types): Piece => ({ kind: 'row', types })),
    fc.record({ kind: fc.constant('then' as const), first: tie('piece'), second: tie('piece') }),
    fc.record({
      kind: fc.constant('fork' as const),
      left: tie('piece'),
      right: tie('piece'),
      join: fc.constantFrom('join' as const, 'merge' as const),
    }),
    fc.record({ kind: fc.constant('loop' as const), body: tie('piece'), size: fc.integer({ min: 1, max: 2 }) }),
  ),
})).piece;

/** Builds a document from a piece: keys in order of making, every branch joined, every loop closed. */
class Building {
  readonly nodes: Workflow['nodes'] = [];
  readonly edges: Workflow['edges'] = [];

  node(type: string, params?: Record<string, unknown>): string {
    const key = `n${this.nodes.length}`;
    this.nodes.push({ key, type, ...(params ? { params } : {}) });
    return key;
  }

  add(piece: Piece, from: string): string {
    switch (piece.kind) {
      case 'row':
        return piece.types.reduce((before, type) => {
          const key = this.node(type);
          this.edges.push({ from: before, to: key });
          return key;
        }, from);
      case 'then':
        return this.add(piece.second, this.add(piece.first, from));
      case 'fork': {
        const split = this.node('test.two');
        this.edges.push({ from, to: split });
        const left = this.add(piece.left, `${split}.a`);
        const right = this.add(piece.right, `${split}.b`);
        const join = this.node(piece.join === 'join' ? 'test.pure' : 'test.merge');
        this.edges.push(
          { from: left, to: piece.join === 'join' ? join : `${join}.in1` },
          { from: right, to: piece.join === 'join' ? join : `${join}.in2` },
        );
        return join;
      }
      case 'loop': {
        const loop = this.node('test.loop', { size: piece.size });
        this.edges.push({ from, to: `${loop}.in` });
        const end = this.add(piece.body, `${loop}.each`);
        this.edges.push({ from: end, to: `${loop}.next` });
        return `${loop}.done`;
      }
    }
  }
}

/** Generated workflows over the test nodes: forks, joins, nested loops, waits and effects. */
export const generatedGraph: fc.Arbitrary<Workflow> = piece.map((piece) => {
  const building = new Building();
  const start = building.node('test.start');
  const end = building.node('test.pure');
  const last = building.add(piece, start);
  building.edges.push({ from: last, to: end });
  return { heddle: 1, name: 'Generated', nodes: building.nodes, edges: building.edges };
});
