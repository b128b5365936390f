import '../../flow/document/edits/rename-texts.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edit } from '../../flow/document/edits/edit.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { someWorkflow } from '../../flow/testing/documents.ts';
import { draw } from '../../flow/testing/draw.ts';
import { edited } from '../../flow/testing/edited.ts';
import { someEdit } from '../../flow/testing/edits.ts';
import type { Toast } from '../ui/toast.ts';
import { edit, undoEdit } from './editing.ts';
import { openEditor } from './editor-state.ts';
import { publishDraft } from './going-live.ts';
import type { Remote, Saved } from '../api/remote.ts';
import { ApiError } from '../api/api-error.ts';
import { restore } from './restore.ts';
import { clashOf, keepSaved, layOver, NotSaved, save, saveNow, settleClash, keepLocally } from './saving.ts';
import type { Keeping } from './saving.ts';
import { openLocalDraft, localDraftsOf } from './local-draft.ts';
import { readLocalDraft } from './local-draft-read.ts';
import { known } from './testing/cards.ts';
import { storage } from './testing/storage.ts';

const base = draw('hook:start.webhook -> price:data.set', { price: { params: { url: 'a', method: 'GET' } } });
const title = (key: string, text: string): Edit => ({ do: 'set-title', key, title: text });
const params = (value: Record<string, unknown>): Edit => ({ do: 'set-params', key: 'price', params: value });
const away = () => Promise.reject(new ApiError(0, { code: 'away', message: 'The server did not answer.' }));

const opened = (document: Workflow = base, revision = 1) => openEditor({ id: 'w', revision, document }, known);

function tab(store: ReturnType<typeof opened>, answer: Remote['save'], name = 'tab', localDrafts = storage()) {
  const said: Toast[] = [];
  const due: (() => void)[] = [];
  const keeping: Keeping = {
    remote: { save: answer },
    localDraft: openLocalDraft(localDrafts, 'w', name, () => 1),
    later: (work) => (due.push(work), () => {}),
    say: (toast) => void said.push(toast),
  };
  return { keeping, said, due, localDrafts };
}

/** A server that keeps the draft; each save waits until it is let through. */
function slowServer() {
  const waiting: (() => void)[] = [];
  let [revision, document] = [1, base];
  const answer: Remote['save'] = (_, sent, over) =>
    new Promise<Saved>((resolve) =>
      waiting.push(() => {
        if (over !== revision) return resolve({ stale: { revision, document } });
        [revision, document] = [revision + 1, sent];
        resolve({ revision });
      }),
    );
  const letThrough = async () => {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    waiting.shift()?.();
  };
  return { answer, letThrough, now: () => ({ revision, document }), waiting };
}

describe('saving', () => {
  test('says as what the canvas is stored: also what is done while a save is under way', async () => {
    const store = opened();
    const server = slowServer();
    const { keeping } = tab(store, server.answer);
    edit(store, title('hook', 'One'), 'a');
    void saveNow(store, keeping);
    edit(store, title('hook', 'Two'), 'a');
    const standing = save(store, keeping);
    await server.letThrough();
    await server.letThrough();
    expect(await standing).toEqual({ revision: 3, document: store.getState().history.document });
    expect(server.now().document.nodes[0]?.title).toBe('Two');
  });

  test('throws in words when it cannot be: the server is away, it refuses, somebody must choose', async () => {
    const refused = () => Promise.reject(new ApiError(400, { code: 'document-invalid', message: 'Too many nodes.' }));
    const theirs = draw('hook:start.webhook -> price:data.set', { hook: { title: 'Theirs' } });
    for (const [answer, words] of [
      [away, 'did not answer'],
      [refused, 'Too many nodes.'],
      [() => Promise.resolve({ stale: { revision: 2, document: theirs } }), 'Choose what to keep'],
    ] as const) {
      const store = opened();
      edit(store, title('hook', 'Mine'), 'a');
      const saving = save(store, tab(store, answer).keeping);
      await expect(saving).rejects.toThrow(NotSaved);
      await expect(saving).rejects.toThrow(words);
      expect(store.getState().history.document.nodes[0]?.title).toBe('Mine');
    }
  });

  test('a session that has ended is told from a document that is refused: the way on is to log in', async () => {
    for (const [status, isLoggedOut] of [
      [401, true],
      [400, false],
    ] as const) {
      const store = opened();
      edit(store, title('hook', 'Mine'), 'a');
      const refused = () => Promise.reject(new ApiError(status, { code: 'no', message: 'No.' }));
      await expect(save(store, tab(store, refused).keeping)).rejects.toThrow(NotSaved);
      expect(store.getState().draft.trouble).toEqual({ kind: 'refused', message: 'No.', isLoggedOut });
      expect(store.getState().draft.pending).toHaveLength(1);
    }
  });

  test('publishes just what was looked at: not what it was before a save came through, nor what was merged in meanwhile', async () => {
    const store = opened();
    const server = slowServer();
    const { keeping } = tab(store, server.answer);
    const published: unknown[] = [];
    const remote = { publish: (_: string, wish: unknown) => (published.push([wish, server.now().document]), never) };
    const never = Promise.resolve({ version: 1, triggers: [] });
    const desk = {
      store,
      remote,
      say: () => {},
      save: () => save(store, keeping),
      layOver: (theirs: Parameters<typeof layOver>[1]) => layOver(store, theirs, keeping.say),
    } as unknown as Parameters<typeof publishDraft>[0];
    edit(store, title('hook', 'One'), 'a');
    void saveNow(store, keeping);
    edit(store, title('hook', 'Two'), 'a');
    const looked = store.getState().history.document;
    const outcome = publishDraft(desk, looked);
    await server.letThrough();
    await server.letThrough();
    expect([await outcome, published]).toEqual(['live', [[{ revision: 3 }, looked]]]);
    expect(store.getState().published?.document).toBe(looked);
    // Somebody else stores something: it is merged in, and looked at before it goes live.
    Object.assign(remote, {
      publish: () => Promise.resolve({ stale: { revision: 9, document: { ...looked, name: 'Theirs' } } }),
    });
    expect(await publishDraft(desk, looked)).toBe('changed');
    expect(store.getState().history.document.name).toBe('Theirs');
    expect(store.getState().published?.document).toBe(looked);
  });

  test('a draft is stored a moment after a change, and its copy in the browser goes', async () => {
    const store = opened();
    const { keeping, due, localDrafts } = tab(store, (_, __, revision) => Promise.resolve({ revision: revision + 1 }));
    keepSaved(store, keeping);
    edit(store, { do: 'remove-node', key: 'price' }, 'Delete');
    expect(localDraftsOf(localDrafts, 'w')).toEqual(['heddle.draft.w.tab']);
    expect(due).toHaveLength(1);
    await saveNow(store, keeping);
    expect(store.getState().draft).toMatchObject({ revision: 2, pending: [], trouble: undefined });
    expect(localDrafts.kept.size).toBe(0);
  });

  test('an editor that is left before the moment is over still stores what was done', async () => {
    const store = opened();
    const sent: Workflow[] = [];
    const { keeping, localDrafts } = tab(
      store,
      (_, document) => (sent.push(document), Promise.resolve({ revision: 2 })),
    );
    const stop = keepSaved(store, keeping);
    edit(store, title('hook', 'Last'), 'a');
    stop();
    await expect.poll(() => localDrafts.kept.size).toBe(0);
    expect(sent.map(({ nodes }) => nodes[0]?.title)).toEqual(['Last']);
  });

  test('a save whose answer was lost is not merged with itself', async () => {
    const store = opened();
    const stored: Workflow[] = [];
    const { keeping, said } = tab(store, (_, document) => {
      if (stored.push(document) === 1) return away();
      return Promise.resolve({ stale: { revision: 2, document: stored[0]! } });
    });
    edit(store, { do: 'add-node', node: { key: 'tell', type: 'data.set' } }, 'Add');
    await saveNow(store, keeping);
    edit(store, { do: 'move', nodes: [{ key: 'tell', at: [5, 5] }] }, 'Move');
    await saveNow(store, keeping);
    expect(store.getState().draft).toMatchObject({ revision: 2, pending: [{ label: 'Move' }] });
    expect(store.getState().history.document.nodes.map(({ key }) => key)).toEqual(['hook', 'price', 'tell']);
    expect(said).toEqual([]);
  });

  test('a browser without room says so: what is not stored is in this tab only', async () => {
    const store = opened();
    const { keeping } = tab(store, away, 'tab', storage(20));
    keepSaved(store, keeping);
    edit(store, title('hook', 'Mine'), 'a');
    expect(store.getState().isKeptLocally).toBe(false);
    edit(store, title('hook', 'More'), 'a');
    expect(store.getState().isKeptLocally).toBe(false);
  });
});

describe('two people', () => {
  const stale = (document: Workflow) => () => Promise.resolve({ stale: { revision: 9, document } });
  const theirsWith = (edits: readonly Edit[]) => edited(base, edits);

  test('are both kept where both fit, and everybody sees a word about it', async () => {
    const store = opened();
    const { keeping, said } = tab(
      store,
      stale(theirsWith([title('hook', 'Theirs'), params({ url: 'a', method: 'PUT' })])),
    );
    edit(store, params({ url: 'mine', method: 'GET' }), 'Change url');
    await saveNow(store, keeping);
    expect(store.getState().history.document.nodes).toMatchObject([
      { title: 'Theirs' },
      { params: { url: 'mine', method: 'PUT' } },
    ]);
    expect(store.getState().draft).toMatchObject({ revision: 9, trouble: undefined });
    expect(said).toMatchObject([{ title: 'Merged with changes from another tab' }]);
    expect(said[0]?.ms).toBeGreaterThanOrEqual(20_000);
    // Undo takes back what I did, and nothing of theirs.
    undoEdit(store);
    expect(store.getState().history.document.nodes).toMatchObject([
      { title: 'Theirs' },
      { params: { url: 'a', method: 'PUT' } },
    ]);
  });

  test('who changed the same thing choose: until then nothing is sent and the canvas stays mine', async () => {
    const store = opened();
    const theirs = theirsWith([params({ url: 'theirs', method: 'PUT' })]);
    const { keeping } = tab(store, stale(theirs));
    edit(store, params({ url: 'mine', method: 'GET' }), 'Change url');
    await saveNow(store, keeping);
    expect(store.getState()).toMatchObject({ isClashOpen: true, draft: { trouble: { kind: 'clash' } } });
    expect(clashOf(store.getState())?.open).toMatchObject([{ ours: 'mine', theirs: 'theirs' }]);
    expect(settleClash(store, {})).toBe(false);
    expect(settleClash(store, { 'node:price.params.url': 'ours' })).toBe(true);
    expect(store.getState().history.document.nodes[1]?.params).toEqual({ url: 'mine', method: 'PUT' });
    expect(store.getState().draft).toMatchObject({ revision: 9, base: theirs, trouble: undefined });
  });
});

describe('a page that was closed while the server was away', () => {
  /** Closes a page with these edits not stored, and opens another on what the server has. */
  async function reopened(edits: readonly Edit[], now: { revision: number; document: Workflow }, start = base) {
    const closed = opened(start);
    const before = tab(closed, away);
    keepSaved(closed, before.keeping);
    for (const change of edits) edit(closed, change, `Did ${change.do}`);
    await saveNow(closed, before.keeping);
    const store = opened(now.document, now.revision);
    const said: Toast[] = [];
    const read = localDraftsOf(before.localDrafts, 'w').map((name) => readLocalDraft(before.localDrafts, name)!);
    const taken = restore(store, read, (toast) => void said.push(toast));
    return { store, said, taken, closed };
  }

  test('comes back with each edit, to be undone one by one, and is saved', async () => {
    const { store, said, taken } = await reopened([title('hook', 'One'), title('price', 'Two')], {
      revision: 1,
      document: base,
    });
    expect([said.map((toast) => toast.title), taken]).toEqual([['Unsaved changes are back'], ['heddle.draft.w.tab']]);
    expect(store.getState().history.past.map(({ label }) => label)).toEqual(['Did set-title', 'Did set-title']);
    undoEdit(store);
    expect(store.getState().history.document.nodes.map((node) => node.title)).toEqual(['One', undefined]);
    const sent: Workflow[] = [];
    await save(store, tab(store, (_, document) => (sent.push(document), Promise.resolve({ revision: 2 }))).keeping);
    expect(sent.at(-1)?.nodes[0]?.title).toBe('One');
  });

  test('is laid over what came meanwhile, and clashes open with both sides', async () => {
    const moved = { revision: 5, document: edited(base, [title('hook', 'Theirs'), title('price', 'Theirs')]) };
    const { store, said } = await reopened([title('price', 'Mine'), { do: 'set-name', name: 'Mine' }], moved);
    expect(store.getState()).toMatchObject({ isClashOpen: true, draft: { trouble: { kind: 'clash', revision: 5 } } });
    expect(clashOf(store.getState())?.open).toMatchObject([{ node: 'price', ours: 'Mine', theirs: 'Theirs' }]);
    expect(said).toEqual([]);
    settleClash(store, { 'node:price.title': 'ours' });
    const { document } = store.getState().history;
    expect([document.name, document.nodes.map((node) => node.title)]).toEqual(['Mine', ['Theirs', 'Mine']]);
  });

  test('whatever two people did: all of it is on the canvas or it is a clash, and it is just what merging gives', async () => {
    const edits = fc.array(someEdit, { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(someWorkflow, edits, edits, async (start, mine, yours) => {
        const document = edited(start, yours);
        const { store, closed } = await reopened(mine, { revision: 2, document }, start);
        const state = store.getState();
        const ours = closed.getState().history.document;
        if (closed.getState().draft.pending.length === 0) return;
        if (state.draft.trouble?.kind === 'clash') {
          expect(state.history.document).toEqual(ours);
          expect(clashOf(state)?.open.length).toBeGreaterThan(0);
          return;
        }
        // Replaying what is pending over what is stored gives what is seen: nothing is seen that will not be stored.
        const pending = state.draft.pending.map((one) => one.edit);
        const nodes = (one: Workflow) => one.nodes.toSorted((a, b) => (a.key < b.key ? -1 : 1));
        expect(state.draft.base).toEqual(document);
        expect(nodes(edited(document, pending))).toEqual(nodes(state.history.document));
      }),
      { numRuns: 120 },
    );
  });

  test('keeps tabs apart: none overwrites another, and what several had is merged', async () => {
    const localDrafts = storage();
    for (const [name, change] of [
      ['one', title('hook', 'One')],
      ['two', title('price', 'Two')],
    ] as const) {
      const store = opened();
      const { keeping } = tab(store, away, name, localDrafts);
      edit(store, change, name);
      keepLocally(store, keeping.localDraft);
    }
    const store = opened();
    const read = localDraftsOf(localDrafts, 'w').map((name) => readLocalDraft(localDrafts, name)!);
    expect(restore(store, read, () => {})).toEqual(['heddle.draft.w.one', 'heddle.draft.w.two']);
    expect(store.getState().history.document.nodes.map((node) => node.title)).toEqual(['One', 'Two']);
  });

  test('of an older Heddle is read too; what cannot be read is left where it is', () => {
    const localDrafts = storage();
    localDrafts.setItem('heddle.draft.w', JSON.stringify({ revision: 1, document: { ...base, name: 'Old' } }));
    const store = opened();
    restore(store, [readLocalDraft(localDrafts, 'heddle.draft.w')!], () => {});
    expect(store.getState().history.document.name).toBe('Old');
    for (const text of [
      '{',
      '{"v":3}',
      '{"v":2,"at":1,"revision":1,"sent":0,"edits":[{"label":"a","edit":{"do":"x"}}]}',
    ]) {
      localDrafts.setItem('heddle.draft.w.torn', text);
      expect(readLocalDraft(localDrafts, 'heddle.draft.w.torn')).toBeUndefined();
    }
  });
});
