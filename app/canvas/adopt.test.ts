import '../../flow/document/edits/rename-texts.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edit } from '../../flow/document/edits/edit.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import { edited } from '../../flow/testing/edited.ts';
import { someEdit } from '../../flow/testing/edits.ts';
import type { Toast } from '../ui/toast.ts';
import { adopt } from './adopt.ts';
import { edit } from './editing.ts';
import { openEditor } from './editor-state.ts';
import { localDraftsOf, openLocalDraft } from './local-draft.ts';
import { readLocalDraft } from './local-draft-read.ts';
import { clashOf, keepLocally } from './saving.ts';
import { known } from './testing/cards.ts';
import { storage } from './testing/storage.ts';

/** What a document may hold: a field of that name is refused wherever one comes from (`document.forbidden-key`). */
const anEdit = someEdit.filter((change) => !JSON.stringify(change).includes('"__proto__":'));

const base = draw('hook:start.webhook -> price:data.set', { price: { params: { url: 'a', method: 'GET' } } });
const title = (text: string): Edit => ({ do: 'set-title', key: 'price', title: text });
const opened = (document: Workflow = base, revision = 1) => openEditor({ id: 'w', revision, document }, known);

/** An editor in which something was done that was not stored, and which is gone. */
function left(kept: ReturnType<typeof storage>, opening: string, at: number, edits: readonly Edit[], from = base) {
  const store = opened(from);
  for (const change of edits) edit(store, change, `Did ${change.do}`);
  keepLocally(
    store,
    openLocalDraft(kept, 'w', opening, () => at),
  );
  return store;
}

/** The workflow is opened in an editor of its own, with all that others left. */
function reopened(kept: ReturnType<typeof storage>, opening: string, document = base, revision = 1) {
  const store = opened(document, revision);
  const said: Toast[] = [];
  const own = openLocalDraft(kept, 'w', opening, () => 99);
  adopt(store, localDraftsOf(kept, 'w'), { storage: kept, own, say: (toast) => void said.push(toast) });
  return { store, said };
}

test('what was written last was lost when the workflow was opened again beside what another tab had left and the two clashed', () => {
  const kept = storage();
  left(kept, 'gone-1', 1, [title('Of the other tab')]);
  left(kept, 'here-1', 2, [title('Written last')]);
  const theirs = edited(base, [title('Stored meanwhile')]);
  // Once, and once more after it was left without a choice.
  for (const opening of ['here-2', 'here-3']) {
    const { store } = reopened(kept, opening, theirs, 5);
    expect(clashOf(store.getState())?.open).toMatchObject([{ ours: 'Written last', theirs: 'Stored meanwhile' }]);
    expect(localDraftsOf(kept, 'w').toSorted()).toEqual(['heddle.draft.w.gone-1', `heddle.draft.w.${opening}`]);
  }
});

test('whatever editors left, opening it again keeps every edit: on the canvas, or where it was', () => {
  const leaving = fc.record({ at: fc.nat(5), edits: fc.array(anEdit, { minLength: 1, maxLength: 3 }) });
  fc.assert(
    fc.property(
      fc.array(leaving, { minLength: 1, maxLength: 3 }),
      fc.array(anEdit, { maxLength: 2 }),
      fc.boolean(),
      (all, yours, isRoomy) => {
        const roomy = storage();
        const stores = all.map(({ at, edits }, index) => left(roomy, `gone-${index}`, at, edits));
        const before = new Map(localDraftsOf(roomy, 'w').map((name) => [name, readLocalDraft(roomy, name)]));
        const size = [...roomy.kept].reduce((sum, [name, text]) => sum + name.length + text.length, 0);
        const kept = isRoomy ? roomy : storage(size + 40);
        for (const [name, text] of roomy.kept) kept.kept.set(name, text);
        const { store } = reopened(kept, 'here-1', edited(base, yours), 2);
        const now = store.getState();
        for (const [name, draft] of before) {
          if (kept.kept.has(name)) expect(readLocalDraft(kept, name)).toEqual(draft);
          else expect(now.isKeptLocally).toBe(true);
        }
        // What is kept is what is not stored, whatever there was room for.
        const own = localDraftsOf(kept, 'w').find((name) => name.endsWith('here-1'));
        const found = own === undefined ? undefined : readLocalDraft(kept, own);
        if (now.isKeptLocally && now.draft.pending.length > 0)
          expect(found).toMatchObject({ pending: now.draft.pending, revision: now.draft.revision });
        expect(stores.length).toBe(all.length);
      },
    ),
    { numRuns: 150 },
  );
});

test('where there is no room for two, what was left is kept in its own place', () => {
  const roomy = storage();
  left(roomy, 'gone-1', 1, [title('Mine')]);
  const size = [...roomy.kept].reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  const kept = storage(size + 100);
  for (const [name, text] of roomy.kept) kept.setItem(name, text);
  const { store } = reopened(kept, 'here-1');
  expect(store.getState()).toMatchObject({ isKeptLocally: true, draft: { pending: [{ edit: title('Mine') }] } });
  expect(localDraftsOf(kept, 'w')).toEqual(['heddle.draft.w.here-1']);
});
