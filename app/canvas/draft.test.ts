import { expect, test } from 'vitest';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { draw } from '../../flow/testing/draw.ts';
import { arrived, freshDraft, maySend, noted, sending, stored, troubled } from './draft.ts';

const base = draw('hook:start.webhook -> price -> tell');
const title = (key: string, text: string): Edit => ({ do: 'set-title', key, title: text });
const params = (key: string, value: number): Edit => ({ do: 'set-params', key, params: { value } });
const fresh = freshDraft(1, base);
const edits = ({ pending }: typeof fresh) => pending.map(({ edit }) => edit);

test('what is done while a save is under way goes with the next one', () => {
  const away = sending(noted(fresh, title('price', 'Price'), 'Rename'));
  expect(maySend(away)).toBe(false);
  const more = noted(away, title('tell', 'Tell'), 'Rename');
  const now = draw('hook:start.webhook');
  const after = stored(more, 4, now);
  expect(after).toMatchObject({ revision: 4, base: now, inFlight: 0, trouble: undefined });
  expect([edits(after), maySend(after)]).toEqual([[title('tell', 'Tell')], true]);
});

test('typing keeps only the last params, but never rewrites what is on its way or may have arrived', () => {
  const typed = noted(noted(fresh, params('price', 1), 'a'), params('price', 2), 'a');
  expect(edits(typed)).toEqual([params('price', 2)]);
  const sent = sending(typed);
  expect(edits(noted(sent, params('price', 3), 'a'))).toEqual([params('price', 2), params('price', 3)]);
  const lost = troubled(sent, { kind: 'away', message: '' });
  expect(edits(noted(lost, params('price', 3), 'a'))).toEqual([params('price', 2), params('price', 3)]);
});

test('a server that is away costs nothing and is tried again; a clash waits for a person', () => {
  const draft = sending(noted(fresh, title('price', 'P'), 'a'));
  const away = troubled(draft, { kind: 'away', message: 'The server did not answer.' });
  expect([away.pending.length, maySend(away)]).toEqual([1, true]);
  const clash = troubled(draft, { kind: 'clash', theirs: base, revision: 2 });
  expect([clash.pending.length, maySend(clash)]).toEqual([1, false]);
});

test('an answer that was lost is told from somebody else’s change: the document is just what was sent', () => {
  const lost = troubled(sending(noted(fresh, title('price', 'P'), 'a')), { kind: 'away', message: '' });
  expect(arrived(lost, draw('hook:start.webhook -> price -> tell', { price: { title: 'P' } }))).toBe(1);
  expect(arrived(lost, draw('hook:start.webhook -> price -> tell', { price: { title: 'Q' } }))).toBe(0);
  expect(arrived(noted(fresh, title('price', 'P'), 'a'), base)).toBe(0);
});
