import { expect, test } from 'vitest';
import type { NodeRecord } from './fact.ts';
import { seenOf } from './items.ts';
import type { View } from './items.ts';

/** Records with items of their own need nothing of a view. */
const view: View = {
  plan: {
    heddle: 1,
    engine: 1,
    fingerprint: '',
    nodes: {},
    stages: [],
    starts: [],
    settings: { timezone: 'UTC', replyWithinMs: 1 },
  },
  start: '',
  find: () => undefined,
  isSkipped: () => false,
};
const record = (out: NodeRecord['out']): NodeRecord => ({ key: 'n', path: '', status: 'finished', out, attempt: 1 });

test.each<[string, NodeRecord['out'], readonly unknown[]]>([
  ['what left by its only port', { out: { items: [1, 2] } }, [1, 2]],
  ['what a filter kept, not what it dropped', { kept: { items: [1] }, dropped: { items: [2, 3] } }, [1]],
  [
    'what a branch sent its second way when nothing went the first',
    { true: { items: [] }, false: { items: [4] } },
    [4],
  ],
  ['what a branch sent its second way when the first was not taken', { false: { items: [4] } }, [4]],
  ['items that are null or false, as they are', { out: { items: [null, false] } }, [null, false]],
  ['nothing, of a node that delivered nothing', { out: { items: [] } }, []],
  ['nothing, of a node that was skipped', {}, []],
])("$('key') reads %s", (_, out, seen) => {
  expect(seenOf(view, record(out))).toEqual(seen);
});
