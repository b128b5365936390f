import { describe, expect, test } from 'vitest';
import type { Workflow } from '../../../flow/document/workflow.ts';
import { draw } from '../../../flow/testing/draw.ts';
import { hideRun } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { edit, select } from '../editing.ts';
import { openEditor } from '../editor-state.ts';
import type { Remote } from '../../api/remote.ts';
import type { Run } from '../../../flow/contract/run.ts';
import { known } from '../testing/cards.ts';
import { mayRun } from '../../commands/command.ts';
import { commandById, editorCommands } from './editor-commands.ts';

const drawing = draw('hook:start.webhook -> price:data.set -> reply:control.respond');
const finished: Run = {
  id: 'run_1',
  workflow: 'w',
  version: null,
  status: 'finished',
  trigger: 'manual',
  start: 'hook',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:01Z',
  durationMs: 1_000,
  needs: [],
};
const never = () => Promise.reject(new Error('This test does not ask for that.'));
const away: Remote = {
  index: never,
  cards: never,
  open: never,
  standing: never,
  save: never,
  publish: never,
  unpublish: never,
  listen: never,
  heard: never,
  setAwaits: never,
  stopListening: never,
  start: never,
  cancel: never,
  ran: never,
};

function openDesk(document: Workflow = drawing) {
  const store = openEditor({ id: 'w', revision: 1, document }, known);
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
    save: () => Promise.resolve({ revision: 1, document: store.getState().history.document }),
    layOver: () => {},
    later: () => () => {},
    focus: () => {},
    isFocusing: () => false,
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
      { upTo: 'price', draft: true, revision: 1 },
      { upTo: 'price', reuse: 'run_1', draft: true, revision: 1 },
    ]);
    // A run that was loaded to try with is the input of every try, until it is let go.
    store.setState({ shown: undefined, usedRun: 'run_7' });
    for (const id of ['run.up-to-here', 'run.one', 'run.start', 'run.clear-data', 'run.up-to-here']) {
      store.setState({ shown: undefined });
      await run(id);
    }
    expect(wishes.slice(2)).toEqual([
      { upTo: 'price', reuse: 'run_7', pins: 'rest', draft: true, revision: 1 },
      { upTo: 'price', reuse: 'run_7', pins: 'rest', draft: true, revision: 1 },
      { reuse: 'run_7', pins: 'rest', draft: true, revision: 1 },
      { upTo: 'price', draft: true, revision: 1 },
    ]);
    // Or it is followed on into the tests of other files.
    hideRun(desk);
  });

  test('a note is duplicated like a node: what its menu offers can be done', async () => {
    const { store, run } = openDesk({ ...drawing, notes: [{ id: 'note-1', text: 'Hello', at: [0, 200] }] });
    select(store, { notes: new Set(['note-1']) });
    await run('selection.duplicate');
    expect(store.getState().history.document.notes?.map(({ text }) => text)).toEqual(['Hello', 'Hello']);
  });

  test('what cannot be undone any more says so on the screen', async () => {
    const { store, run, said } = openDesk();
    edit(store, { do: 'set-name', name: 'Mine' }, 'Rename the workflow');
    // Somebody else named it meanwhile.
    store.setState(({ history }) => ({ history: { ...history, document: { ...history.document, name: 'Theirs' } } }));
    await run('edit.undo');
    expect(said).toEqual(['It was not undone.']);
    expect(store.getState().history.document.name).toBe('Theirs');
  });

  test('a clipboard that may not be read is no silence', async () => {
    const { desk, run, said } = openDesk();
    Object.assign(desk, { clipboard: { ...desk.clipboard, readText: () => Promise.reject(new Error('No.')) } });
    await run('canvas.paste');
    expect(said).toEqual(['Nothing was pasted.']);
  });

  test('URLs are shown where there are any', () => {
    expect(mayRun(commandById('workflow.addresses'), openDesk().desk)).toBe(true);
    const byHand = draw('hand:start.manual -> price:data.set');
    expect(mayRun(commandById('workflow.addresses'), openDesk(byHand).desk)).toBe(false);
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

  test('Run, and Run up to here, begin no second run beside one that goes', async () => {
    const { store, run, choose } = openDesk();
    choose('price');
    store.setState({ shown: { id: 'run_1', document: drawing, run: { ...finished, status: 'running' }, steps: [] } });
    for (const id of ['run.start', 'run.up-to-here', 'run.one'])
      await expect(run(id), id).rejects.toThrow('may not run');
  });

  test('what is no piece is refused in words', async () => {
    const { said, run, desk } = openDesk();
    await desk.clipboard.writeText('just text');
    await run('canvas.paste');
    expect(said).toEqual(['There are no nodes in the clipboard.']);
  });

  test('nodes that are none of ours were said not to be there: what is pasted is named as Import names it', async () => {
    const { said, run, desk, keys } = openDesk();
    const before = keys();
    const n8n = {
      nodes: [{ parameters: {}, name: 'A', type: 'n8n-nodes-base.set', position: [0, 0] }],
      connections: {},
    };
    for (const pasted of [n8n, { heddle: 9, nodes: [], edges: [] }, { heddle: 1, nodes: [{ key: 5 }], edges: [] }]) {
      await desk.clipboard.writeText(JSON.stringify(pasted));
      await run('canvas.paste');
    }
    expect(said).toEqual([
      'This is a workflow of n8n. Heddle cannot import those yet; it will in a later version.',
      'The document has format 9; this build reads up to 1.',
      'The nodes in the clipboard cannot be read.',
    ]);
    expect(keys()).toEqual(before);
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
