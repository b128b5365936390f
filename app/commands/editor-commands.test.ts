import { describe, expect, test } from 'vitest';
import type { Workflow } from '../../flow/document/workflow.ts';
import { draw } from '../../flow/testing/draw.ts';
import type { Desk } from '../canvas/desk.ts';
import { select } from '../canvas/editing.ts';
import { openEditor } from '../canvas/editor-state.ts';
import type { Remote } from '../canvas/remote.ts';
import { keepSaved, saveNow, settleClash, unsaved } from '../canvas/saving.ts';
import type { Keeping, Shelf } from '../canvas/saving.ts';
import { FarProblem } from '../canvas/remote.ts';
import type { Run } from '../canvas/remote-shapes.ts';
import { cards } from '../canvas/testing/cards.ts';
import { mayRun } from './command.ts';
import { commandById, editorCommands } from './editor-commands.ts';

const drawing = draw('hook:start.webhook -> price:data.set -> reply:control.respond');
const finished: Run = { id: 'run_1', workflow: 'w', status: 'finished', startedAt: '2026-01-01T00:00:00Z', needs: [] };
const never = () => Promise.reject(new Error('This test does not ask for that.'));
const away: Remote = {
  cards: never,
  open: never,
  save: never,
  publish: never,
  start: never,
  run: never,
  steps: never,
  runDocument: never,
  waiting: never,
  cancel: never,
  retry: never,
  answer: never,
};

function openDesk(document: Workflow = drawing) {
  const store = openEditor({ id: 'w', revision: 1, document }, cards);
  let clipboard = '';
  const said: string[] = [];
  const desk: Desk = {
    store,
    remote: away,
    camera: { fit: () => {}, fitCalmly: () => {}, zoomBy: () => {}, centre: () => [400, 300], show: () => {} },
    clipboard: {
      readText: () => Promise.resolve(clipboard),
      writeText: (text) => Promise.resolve(void (clipboard = text)),
    },
    say: ({ title }) => void said.push(title),
    tidy: () => Promise.resolve(new Map([['hook', [0, 0]] as const])),
    save: () => Promise.resolve(),
    focus: () => {},
    open: () => {},
  };
  const keys = () => store.getState().history.document.nodes.map(({ key }) => key);
  const run = async (id: string) => {
    const command = commandById(id);
    if (!mayRun(command, desk)) throw new Error(`${id} may not run now.`);
    await command.run(desk);
  };
  const choose = (...nodes: string[]) => select(store, { nodes: new Set(nodes) });
  return { desk, store, said, keys, run, choose };
}

describe('commands of the editor', () => {
  test('each has an id of its own, and no two take one key', () => {
    const ids = editorCommands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = editorCommands.flatMap((command) => command.keys ?? []);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('none that needs a selection may run without one', () => {
    const { desk } = openDesk();
    const mayNot = ['selection.delete', 'selection.copy', 'node.rename', 'node.disable', 'node.pin', 'run.up-to-here'];
    expect(mayNot.filter((id) => mayRun(commandById(id), desk))).toEqual([]);
  });

  test('one node runs on what the run on the canvas gave before it; without one, what comes before runs too', async () => {
    const { desk, store, run, choose } = openDesk();
    const wishes: unknown[] = [];
    const start: Remote['start'] = (_, wish) =>
      Promise.resolve(void wishes.push(wish)).then(() => ({ runId: 'run_2' }));
    Object.assign(desk, { remote: { ...away, start } });
    choose('price');
    await run('run.one');
    expect(mayRun(commandById('run.one'), desk)).toBe(false); // it is under way
    store.setState({ shown: { id: 'run_1', run: finished, steps: [], document: drawing } });
    await run('run.one');
    expect(wishes).toEqual([
      { upTo: 'price', draft: true },
      { upTo: 'price', reuse: 'run_1', draft: true },
    ]);
  });

  test('every change of the document by a command can be undone whole, and done again', async () => {
    for (const id of [
      'selection.delete',
      'node.delete-and-reconnect',
      'selection.duplicate',
      'node.disable',
      'canvas.note',
      'selection.move-left',
      'canvas.tidy',
    ]) {
      const { store, run, choose } = openDesk();
      choose('price');
      await run(id);
      const after = store.getState().history.document;
      expect(after, id).not.toEqual(drawing);
      await run('edit.undo');
      expect(store.getState().history.document, id).toEqual(drawing);
      await run('edit.redo');
      expect(store.getState().history.document, id).toEqual(after);
    }
  });

  test('cut here and paste there moves a piece through the clipboard as JSON', async () => {
    const { keys, run, choose, store } = openDesk();
    choose('price', 'reply');
    await run('selection.cut');
    expect(keys()).toEqual(['hook']);
    await run('canvas.paste');
    expect(keys()).toEqual(['hook', 'price', 'reply']);
    expect([...store.getState().selection.nodes]).toEqual(['price', 'reply']);
    expect(store.getState().history.document.edges).toEqual([{ from: 'price', to: 'reply' }]);
  });

  test('what is no piece is refused in words', async () => {
    const { said, run, desk } = openDesk();
    await desk.clipboard.writeText('just text');
    await run('canvas.paste');
    expect(said).toEqual(['There is no piece of a workflow in the clipboard.']);
  });

  test('the graph is walked along its edges', async () => {
    const { run, choose, store } = openDesk();
    choose('hook');
    await run('selection.after');
    await run('selection.after');
    await run('selection.before');
    expect([...store.getState().selection.nodes]).toEqual(['price']);
  });
});

describe('the draft', () => {
  function shelf(): Shelf & { readonly kept: Map<string, string> } {
    const kept = new Map<string, string>();
    return {
      kept,
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, text) => void kept.set(name, text),
      removeItem: (name) => void kept.delete(name),
    };
  }

  function keeping(
    save: Remote['save'],
  ): Keeping & { readonly shelf: ReturnType<typeof shelf>; readonly due: (() => void)[] } {
    const due: (() => void)[] = [];
    return { remote: { save }, shelf: shelf(), due, later: (work) => (due.push(work), () => {}) };
  }

  test('is stored a moment after a change, and its copy in the browser goes', async () => {
    const { store, run, choose } = openDesk();
    const sent: Workflow[] = [];
    const keep = keeping((_, document, revision) => (sent.push(document), Promise.resolve({ revision: revision + 1 })));
    keepSaved(store, keep);
    choose('price');
    await run('selection.delete');
    expect(unsaved(keep.shelf, 'w', 1)?.nodes).toHaveLength(2);
    expect(keep.due).toHaveLength(1);
    await saveNow(store, keep);
    expect(sent.map(({ nodes }) => nodes.length)).toEqual([2]);
    expect(store.getState().draft).toMatchObject({ revision: 2, pending: [], trouble: undefined });
    expect(keep.shelf.kept.size).toBe(0);
  });

  test('survives a server that is away, and a page that closes meanwhile', async () => {
    const { store, run, choose } = openDesk();
    const keep = keeping(() =>
      Promise.reject(new FarProblem(0, { code: 'away', message: 'The server did not answer.' })),
    );
    keepSaved(store, keep);
    choose('price');
    await run('selection.delete');
    await saveNow(store, keep);
    expect(store.getState().draft).toMatchObject({ trouble: { kind: 'away' }, inFlight: 0 });
    expect(unsaved(keep.shelf, 'w', 1)?.nodes).toHaveLength(2);
    expect(unsaved(keep.shelf, 'w', 2)).toBeUndefined();
  });

  test('that somebody else changed too: what fits is laid over theirs, what does not waits for a person', async () => {
    const theirs = draw('hook:start.webhook -> price:data.set', { hook: { title: 'Theirs' } });
    const stale = keeping(() => Promise.resolve({ stale: { revision: 9, document: theirs } }));
    const fits = openDesk();
    fits.choose('price');
    await fits.run('node.disable');
    await saveNow(fits.store, stale);
    expect(fits.store.getState().history.document.nodes).toMatchObject([
      { title: 'Theirs' },
      { settings: { disabled: true } },
    ]);
    expect(fits.store.getState().draft).toMatchObject({ revision: 9, trouble: undefined });

    const clash = openDesk();
    clash.choose('reply');
    await clash.run('node.disable');
    await saveNow(clash.store, stale);
    expect(clash.store.getState().draft.trouble).toMatchObject({ kind: 'clash', refused: [{ code: 'edit.refused' }] });
    expect(clash.keys()).toContain('reply');
    settleClash(clash.store, 'theirs');
    expect(clash.store.getState().history.document).toEqual(theirs);
  });
});
