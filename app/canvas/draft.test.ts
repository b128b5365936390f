import { expect, test } from 'vitest';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { draw } from '../../flow/testing/draw.ts';
import { freshDraft, maySend, noted, rebase, sending, stored, troubled } from './draft.ts';

const title = (key: string, text: string): Edit => ({ do: 'set-title', key, title: text });
const params = (key: string, value: number): Edit => ({ do: 'set-params', key, params: { value } });

test('what is done while a save is under way goes with the next one', () => {
  const away = sending(noted(freshDraft(3), title('price', 'Price')));
  expect(maySend(away)).toBe(false);
  const more = noted(away, title('tell', 'Tell'));
  const after = stored(more, 4);
  expect(after).toEqual({ revision: 4, pending: [title('tell', 'Tell')], inFlight: 0, trouble: undefined });
  expect(maySend(after)).toBe(true);
});

test('typing keeps only the last params, but never rewrites what is on its way', () => {
  const typed = noted(noted(freshDraft(1), params('price', 1)), params('price', 2));
  expect(typed.pending).toEqual([params('price', 2)]);
  expect(noted(sending(typed), params('price', 3)).pending).toEqual([params('price', 2), params('price', 3)]);
});

test('a server that is away costs nothing and is tried again; a clash waits for a person', () => {
  const draft = sending(noted(freshDraft(1), title('price', 'P')));
  const away = troubled(draft, { kind: 'away', message: 'The server did not answer.' });
  expect([away.pending.length, maySend(away)]).toEqual([1, true]);
  const theirs = draw('hook:start.webhook');
  const clash = troubled(draft, { kind: 'clash', refused: [], theirs, revision: 2 });
  expect([clash.pending.length, maySend(clash)]).toEqual([1, false]);
});

test('edits are laid over what somebody else saved: what fits is kept, what does not is said in words', () => {
  const theirs = draw('hook:start.webhook -> tell', { tell: { title: 'Theirs' } });
  const mine = [title('hook', 'Mine'), title('price', 'Gone'), params('tell', 7)];
  const { document, kept, refused } = rebase(theirs, mine);
  expect(document.nodes).toMatchObject([
    { key: 'hook', title: 'Mine' },
    { key: 'tell', title: 'Theirs', params: { value: 7 } },
  ]);
  expect(kept).toEqual([mine[0], mine[2]]);
  expect(refused.map(({ message }) => message)).toEqual(['There is no node “price”.']);
});
