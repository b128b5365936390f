import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import { catalogue } from '../canvas/testing/cards.ts';
import { heightBack, heightsBack, pathBack } from './way-back.ts';

const card = (left: number, top: number) => ({ left, top, right: left + 176, bottom: top + 52 });

describe('an edge that leads back', () => {
  const [first, between, last] = [card(0, 0), card(240, 0), card(480, 0)];

  test('runs above the cards on its way, not through them', () => {
    expect(heightBack([656, 26], [0, 26], [first, between, last])).toBe(-20);
  });

  test('runs between two rows when what it leads to lies lower', () => {
    expect(heightBack([656, 26], [0, 226], [between, last, card(0, 200)])).toBe(88);
  });

  test('goes round a card that lies between those rows', () => {
    const wall = card(240, 80);
    const height = heightBack([656, 26], [0, 226], [between, last, wall, card(0, 200)]);
    expect(height < wall.top - 9 || height > wall.bottom + 9).toBe(true);
  });

  test('fits between two cards that stand as near as they may', () => {
    const height = heightBack([176, 26], [120, 102], [card(0, 0), card(120, 76)]);
    expect(height).toBe(64);
  });

  test('a node put into one: the two that it made lay on one line, and now run beside each other', () => {
    const drawn = draw('a:data.set -> b:data.set -> c:data.set');
    const at: Record<string, [number, number]> = { a: [960, 0], b: [480, 0], c: [0, 0] };
    const nodes = drawn.nodes.map((node): typeof node => ({ ...node, at: at[node.key]! }));
    const [first = 0, second = 0] = heightsBack({ ...drawn, nodes }, catalogue).values();
    expect(Math.abs(first - second)).toBeGreaterThanOrEqual(10);
  });

  test('is told once for a document, and only for edges that do lead back', () => {
    const drawn = draw('hook:start.manual -> loop:control.loop\nloop.each -> send:connect.http-request -> loop.next');
    const placed = {
      ...drawn,
      nodes: drawn.nodes.map((node, index): typeof node => ({ ...node, at: [index * 240, 0] })),
    };
    const heights = heightsBack(placed, catalogue);
    expect([...heights].map(([{ from, to }, height]) => [from, to, height < 0])).toEqual([['send', 'loop.next', true]]);
    expect(heightsBack(placed, catalogue)).toBe(heights);
  });

  test('is drawn out of its card, along its height and into the other', () => {
    expect(pathBack([100, 50], [0, 50], 0)).toBe(
      'M100 50L112 50Q124 50 124 38L124 12Q124 0 112 0L-12 0Q-24 0 -24 12L-24 38Q-24 50 -12 50L0 50',
    );
  });
});
