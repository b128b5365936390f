import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import { addNode, select } from './editing.ts';
import { boxesOf, isCovered } from '../graph/geometry.ts';
import { gesturesOf } from './gestures.ts';
import { edgeId } from '../graph/selection.ts';
import { placed, placesOf } from '../graph/placement.ts';
import { card, catalogue } from './testing/cards.ts';
import { deskOver } from './testing/desk.ts';

const start = draw(
  `hook:start.webhook -> price:data.set -> big:rules.if
   big.true -> tell:connect.http-request -> reply:control.respond
   big.false -> reply`,
);

/** One thing that a hand does; numbers choose among what is there. */
type Gesture =
  | { readonly do: 'command'; readonly id: string }
  | { readonly do: 'add'; readonly type: string; readonly on: number; readonly x: number; readonly y: number }
  | { readonly do: 'choose'; readonly kind: 'nodes' | 'edges' | 'notes'; readonly from: number; readonly many: number }
  | { readonly do: 'drag'; readonly on: number; readonly x: number; readonly y: number; readonly copies: boolean }
  | { readonly do: 'dragOnEdge'; readonly on: number; readonly edge: number }
  | { readonly do: 'wire'; readonly from: number; readonly to: number }
  | { readonly do: 'takeEnd'; readonly edge: number; readonly to: number };

const number = fc.nat(40);
const place = fc.integer({ min: -600, max: 1_400 });
const gesture: fc.Arbitrary<Gesture> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      id: fc.constantFrom(
        'edit.undo',
        'edit.undo',
        'edit.redo',
        'selection.copy',
        'selection.cut',
        'canvas.paste',
        'selection.duplicate',
        'selection.delete',
        'node.delete-and-reconnect',
        'selection.all',
        'selection.clear',
        'node.disable',
        'canvas.note',
        'selection.move-left',
        'selection.move-down-far',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      type: fc.constantFrom('data.set', 'rules.if', 'start.manual', 'control.loop', 'control.merge'),
      on: number,
      x: place,
      y: place,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('choose' as const),
      kind: fc.constantFrom('nodes' as const, 'nodes' as const, 'edges' as const, 'notes' as const),
      from: number,
      many: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('drag' as const), on: number, x: place, y: place, copies: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dragOnEdge' as const), on: number, edge: number }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wire' as const), from: number, to: number }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('takeEnd' as const), edge: number, to: number }) },
);

type Bench = ReturnType<typeof deskOver>;

const at = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

async function carry({ desk, store, run }: Bench, deed: Gesture): Promise<void> {
  const { document } = store.getState().history;
  const hand = gesturesOf(desk, () => {});
  const key = (index: number) => at(document.nodes, index)?.key ?? '';
  const ends = (source: string, target: string) => ({ source, target, sourceHandle: '', targetHandle: '' });
  const edge = 'edge' in deed ? at(document.edges, deed.edge) : undefined;
  switch (deed.do) {
    case 'command':
      return void (await run(deed.id));
    case 'add': {
      const onto = at(document.edges, deed.on);
      const spot =
        deed.on % 3 === 0 && onto
          ? { edge: onto }
          : deed.on % 3 === 1 && key(deed.on) !== ''
            ? { after: key(deed.on) }
            : { at: [deed.x, deed.y] as const };
      return void addNode(store, card(deed.type), spot);
    }
    case 'choose': {
      const names = {
        nodes: document.nodes.map((node) => node.key),
        edges: document.edges.map(edgeId),
        notes: (document.notes ?? []).map(({ id }) => id),
      }[deed.kind];
      return select(store, {
        [deed.kind]: new Set(names.slice(deed.from % Math.max(1, names.length)).slice(0, deed.many + 1)),
      });
    }
    case 'drag':
      return hand[deed.copies ? 'copyTo' : 'move'](
        new Map(key(deed.on) === '' ? [] : [[key(deed.on), [deed.x, deed.y]]]),
      );
    case 'dragOnEdge': {
      const onto = at(document.edges, deed.edge);
      const [x, y] = placesOf(document, catalogue).get(key(deed.on)) ?? [0, 0];
      return onto && hand.dropOnEdge(key(deed.on), edgeId(onto), [x, y]);
    }
    case 'wire':
      return hand.connect(ends(key(deed.from), key(deed.to)));
    case 'takeEnd':
      return edge && hand.reconnect(edgeId(edge), ends(splitEnd(edge.from).key, key(deed.to)));
  }
}

/** What holds for every document, whatever was done to it. */
function expectSound(document: Workflow, bench: Bench): void {
  const keys = document.nodes.map((node) => node.key);
  expect(new Set(keys).size, 'no two nodes have one key').toBe(keys.length);
  const edges = document.edges.map(edgeId);
  expect(new Set(edges).size, 'no two edges are the same').toBe(edges.length);
  const loose = document.edges.flatMap(({ from, to }) => [from, to]).filter((end) => !keys.includes(splitEnd(end).key));
  expect(loose, 'every edge ends at nodes').toEqual([]);
  const { selection } = bench.store.getState();
  expect(
    [...selection.nodes].filter((key) => !keys.includes(key)),
    'only what is there is chosen',
  ).toEqual([]);
  expect([...selection.edges].filter((id) => !edges.includes(id))).toEqual([]);
}

describe('a hand that does anything at random', () => {
  test('leaves a sound document, and undoing all of it gives the first, redoing all of it the last', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(gesture, { maxLength: 40 }), async (deeds) => {
        const bench = deskOver(start);
        for (const deed of deeds) {
          await carry(bench, deed);
          expectSound(bench.store.getState().history.document, bench);
        }
        const last = bench.store.getState().history.document;
        // What was taken back by hand before is done again first: redo may go that far too.
        let steps = 0;
        while (await bench.run('edit.undo')) steps++;
        expect(bench.store.getState().history.document).toEqual(start);
        for (; steps > 0; steps--) expect(await bench.run('edit.redo')).toBe(true);
        expect(bench.store.getState().history.document).toEqual(last);
      }),
      { numRuns: 60 },
    );
  });

  test('never puts what it adds, pastes or inserts over a card', async () => {
    const adding = gesture.filter(
      (deed) =>
        deed.do === 'add' ||
        deed.do === 'choose' ||
        (deed.do === 'command' && /paste|copy|duplicate|note|all$/.test(deed.id)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(adding, { maxLength: 14 }), async (deeds) => {
        const bench = deskOver(start);
        for (const deed of deeds) await carry(bench, deed);
        const { document } = bench.store.getState().history;
        const boxes = boxesOf(placed(document, catalogue).nodes, catalogue);
        const covered = boxes.filter((one, index) => boxes.slice(index + 1).some((other) => isCovered(one, other, 0)));
        expect(covered).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
