import { expect, test } from 'vitest';
import { addition } from './add-node.ts';
import type { Spot } from './add-node.ts';
import { pasteEdit, pieceOf } from './piece.ts';
import { card, catalogue } from './testing/cards.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import { applied } from '../../flow/testing/edited.ts';
import { boxesOf, isCovered } from '../graph/geometry.ts';
import { placesOf } from '../graph/placement.ts';
import { nothing } from '../graph/selection.ts';
import { threadBoxes } from '../graph/thread-boxes.ts';

// hook and far stand 720 apart in one row, and their edge runs along y = 26.
const long = draw('hook:start.manual -> far:data.set', { hook: { at: [0, 0] }, far: { at: [720, 0] } });

/** What of an old graph a new card lies over. */
function coveredBy(before: Workflow, after: Workflow) {
  const old = new Set(before.nodes.map(({ key }) => key));
  const fresh = boxesOf(
    after.nodes.filter(({ key }) => !old.has(key)),
    catalogue,
  );
  const threads = threadBoxes(before, catalogue, placesOf(before, catalogue));
  const there = [...boxesOf(before.nodes, catalogue), ...threads];
  return there.filter((box) => fresh.some((one) => isCovered(one, box, 0)));
}

test('an edge is in the way from port to port, as it is drawn', () => {
  const boxes = threadBoxes(long, catalogue, placesOf(long, catalogue));
  expect(boxes[0]?.at).toEqual([176, 26]);
  expect(boxes.at(-1)?.at).toEqual([720, 26]);
  const branches = draw('big:rules.if -> a:data.set\nbig.false -> b:data.set', {
    big: { at: [0, 0] },
    a: { at: [400, 0] },
    b: { at: [400, 200] },
  });
  const starts = threadBoxes(branches, catalogue, placesOf(branches, catalogue)).filter(({ at }) => at[0] === 176);
  expect(starts.map(({ at }) => at[1])).toEqual([52 + 2.5 + 11, 52 + 2.5 + 33]);
});

test.each<[string, Spot]>([
  ['let go on the lower side of an edge', { at: [400, 60] }],
  ['let go on the upper side of an edge', { at: [400, 10] }],
  ['added after a node whose edge goes on past the next column', { after: 'hook' }],
  ['at the loose end of an edge', { from: { key: 'hook', port: '' }, at: [330, 40] }],
  ['over a card', { at: [720 + 88, 26] }],
])('a new node lay over an edge beside it, as if it were wired: %s', (_, spot) => {
  const after = applied(long, addition(long, catalogue, card('data.sort'), spot).edit);
  expect(coveredBy(long, after)).toEqual([]);
});

test('what is let go beside an edge stands on the side on which it was let go, as near as it can', () => {
  const yOf = (y: number) => applied(long, addition(long, catalogue, card('data.sort'), { at: [400, y] }).edit);
  expect(yOf(0).nodes.at(-1)?.at?.[1]).toBe(-48);
  expect(yOf(60).nodes.at(-1)?.at?.[1]).toBe(48);
});

test('what is pasted lies over no edge', () => {
  const piece = pieceOf(long, { ...nothing, nodes: new Set(['hook']) })!;
  const pasted = pasteEdit(long, catalogue, piece, [400, 30]);
  if ('refused' in pasted) throw new Error(pasted.refused.message);
  expect(coveredBy(long, applied(long, pasted.edit))).toEqual([]);
});

test('a new node hid the sentence under the card above it', () => {
  const alone = draw('hook:start.webhook', { hook: { at: [0, 0] } });
  const says = 'The caller of Webhook waits for a Respond node, and Webhook leads to none.';
  const feet = new Map([['hook', says]]);
  const topOf = (said?: ReadonlyMap<string, string>) =>
    applied(alone, addition(alone, catalogue, card('rules.if'), { at: [88, 90] }, said).edit).nodes.at(-1)?.at?.[1];
  expect(topOf()).toBe(80);
  // Three lines of 14 px, from 5 px below the card's 52.
  expect(topOf(feet)).toBeGreaterThanOrEqual(52 + 5 + 3 * 14);
});
