import { describe, expect, test } from 'vitest';
import { draw } from '../../flow/testing/draw.ts';
import type { Toast } from '../ui/toast.ts';
import { isFor, mayRun } from '../commands/command.ts';
import { editorCommands } from './commands/editor-commands.ts';
import { edit, redoEdit, select, undoEdit } from './editing.ts';
import { openEditor } from './editor-state.ts';
import type { EditorState } from './editor-state.ts';
import type { LocalDraft } from './local-draft.ts';
import { viewOnly } from './may-edit.ts';
import { keepLocally, keepSaved } from './saving.ts';
import { takeRole } from './take-role.ts';
import { known } from './testing/cards.ts';
import { deskOver } from './testing/desk.ts';
import { viewOnlyWords } from './view-only-words.ts';

const document = {
  ...draw('hook:start.webhook -> price:data.set'),
  notes: [{ id: 'n', text: 'Who looks at what' }],
  pins: { price: [{ a: 1 }] },
};
const rename = { do: 'set-title', key: 'price', title: 'Work out' } as const;

describe('the one way to change a document', () => {
  const store = openEditor({ id: 'w', revision: 1, document }, { ...known, role: 'editor' });

  test('refuses those below editor: to edit, to undo and to redo, in words that say what to do', () => {
    edit(store, rename, 'Rename');
    edit(store, { ...rename, title: 'Work it out' }, 'Rename');
    undoEdit(store);
    const { history, draft } = store.getState();
    for (const role of ['viewer', 'operator'] as const) {
      store.setState({ role });
      expect(edit(store, rename, 'Rename')?.mend).toMatch(/ask an owner/i);
      expect(undoEdit(store)?.message).toMatch(/not change it/);
      expect(redoEdit(store)?.message).toMatch(/not change it/);
      expect(store.getState()).toMatchObject({ history, draft });
    }
    store.setState({ role: 'owner' });
    expect(redoEdit(store)).toBeUndefined();
    expect(store.getState().history.document.nodes[1]?.title).toBe('Work it out');
  });
});

/** What begins a change, or is one. */
const changing = ({ history, ...state }: EditorState) =>
  [history.document, state.picking, state.linking, state.naming, state.writing, state.isPublishOpen].concat(
    state.open === 'turn-off' ? 'turn-off' : [],
  );

describe('a command', () => {
  const chosen = [{ nodes: new Set(['price']) }, { edges: new Set(['hook→price']) }, { notes: new Set(['n']) }, {}];

  // That one writes a file, for which a test has no page.
  const tried = editorCommands.filter(({ id }) => id !== 'workflow.download');

  test.each(tried.map((command) => [command.id, command] as const))(
    '%s tries to change nothing, and asks for nothing that changes, unless it says that it needs an editor',
    async (_, command) => {
      for (const selection of chosen) {
        const { desk, store } = deskOver(document);
        store.setState({ role: 'operator', published: { version: 1, document } });
        select(store, selection);
        const before = changing(store.getState());
        if (isFor('operator', command) && mayRun(command, desk)) await command.run(desk);
        expect(changing(store.getState())).toEqual(before);
        expect(store.getState().said).not.toBe(viewOnly.refused.message);
      }
    },
  );

  test('that runs the workflow is for operators, and runs what is live: drafts run for those who may publish them', async () => {
    const start = editorCommands.find(({ id }) => id === 'run.start');
    if (!start) throw new Error('There is no run.start.');
    expect([isFor('viewer', start), isFor('operator', start)]).toEqual([false, true]);
    const { desk, store } = deskOver(document);
    const asked: unknown[] = [];
    const remote = { ...desk.remote, start: (...wish: unknown[]) => (asked.push(wish), Promise.reject(new Error())) };
    store.setState({ role: 'operator' });
    expect(mayRun(start, desk), 'nothing is live').toBe(false);
    store.setState({ published: { version: 1, document } });
    select(store, { nodes: new Set(['hook']) });
    await start.run({ ...desk, remote });
    expect(asked).toEqual([['w', { draft: false, start: 'hook' }]]);
  });
});

describe('a role that changes while the page is open', () => {
  function page() {
    const store = openEditor({ id: 'w', revision: 4, document }, { ...known, role: 'editor' });
    const kept: string[] = [];
    const localDraft: LocalDraft = { name: 'w', put: () => kept.push('put') > 0, clear: () => kept.push('clear') > 0 };
    const sent: unknown[] = [];
    const save = (...said: unknown[]) => (sent.push(said), Promise.resolve({ revision: 5 }));
    const said: Toast[] = [];
    const say = (toast: Toast) => void said.push(toast);
    const stop = keepSaved(store, { remote: { save }, localDraft, later: () => () => {}, say });
    return { store, kept, sent, said, say, localDraft, stop };
  }

  test('to viewer: what is stored is seen, nothing is sent, and what was not saved stays as it lies in this browser', () => {
    const { store, kept, sent, said, say, localDraft, stop } = page();
    edit(store, rename, 'Rename');
    store.setState({ side: 'palette', picking: { at: [0, 0] }, isPublishOpen: true });
    expect(kept).toEqual(['put']);
    takeRole(store, 'viewer', say);
    keepLocally(store, localDraft);
    expect(store.getState()).toMatchObject({ role: 'viewer', side: 'none', picking: undefined, isPublishOpen: false });
    expect(store.getState().history).toEqual({ document, past: [], future: [] });
    expect(said[0]?.text).toMatch(/stays in this browser/);
    stop();
    expect({ kept, sent }).toEqual({ kept: ['put'], sent: [] });
  });

  test('back to editor: they may again', () => {
    const { store, say, kept } = page();
    takeRole(store, 'viewer', say);
    takeRole(store, 'operator', say);
    expect(edit(store, rename, 'Rename'), 'an operator may not').toBeDefined();
    takeRole(store, 'editor', say);
    expect(kept, 'what lies in this browser is not touched until it is brought back').toEqual([]);
    expect(edit(store, rename, 'Rename')).toBeUndefined();
  });

  test('of a clash that nobody settled what is stored is left', () => {
    const { store, say } = page();
    edit(store, rename, 'Rename');
    const theirs = { ...document, name: 'Theirs' };
    store.setState(({ draft }) => ({ draft: { ...draft, trouble: { kind: 'clash', theirs, revision: 9 } } }));
    takeRole(store, 'viewer', say);
    expect(store.getState().history.document.name).toBe('Theirs');
    expect(store.getState().draft).toMatchObject({ revision: 9, pending: [], trouble: undefined });
  });
});

test('the chip says what one is, what that may, and whom to ask', () => {
  expect(viewOnlyWords('viewer', ['Ines'])).toBe('You are a viewer here. To change it, ask the owner: Ines.');
  expect(viewOnlyWords('operator', ['Ines', 'Bo'])).toBe(
    'You are an operator here: you can run it. To change it, ask an owner: Ines, Bo.',
  );
  expect(viewOnlyWords('viewer', [])).toBe('You are a viewer here. To change it, ask an owner.');
});
