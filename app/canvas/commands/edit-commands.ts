import type { Edit } from '../../../flow/document/edits/edit.ts';
import { chosenKey, edit, redoEdit, select, undoEdit } from '../editing.ts';
import type { Refusal } from '../editing.ts';
import { complain } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { boxesOfAll, freePlace, noteSize } from '../../graph/geometry.ts';
import type { Point } from '../../graph/geometry.ts';
import { keepPlaces, placed, placesOf } from '../../graph/placement.ts';
import { pasteEdit, pieceOf, readPiece, removal } from '../piece.ts';
import { edgeId } from '../../graph/selection.ts';
import type { Piece } from '../piece.ts';
import { counted } from '../../ui/when.ts';
import type { Command } from '../../commands/command.ts';

const state = ({ store }: Desk) => store.getState();
const hasChosen = (desk: Desk): boolean => {
  const { nodes, edges, notes } = state(desk).selection;
  return nodes.size + edges.size + notes.size > 0;
};
const hasPiece = (desk: Desk): boolean => hasNodes(desk) || state(desk).selection.notes.size > 0;
const hasNodes = (desk: Desk): boolean => state(desk).selection.nodes.size > 0;

/** Says what could not be done, and why, to whoever looks at the screen too. */
function tell({ say }: Desk, title: string, refused: Refusal): void {
  if (refused) say({ title, text: `${refused.message} ${refused.mend}`, state: 'failed' });
}

const undoCommand: Command<Desk> = {
  id: 'edit.undo',
  needs: 'editor',
  title: 'Undo',
  group: 'Edit',
  keys: ['Mod+Z'],
  reach: 'controls',
  repeats: true,
  when: (desk) => state(desk).history.past.length > 0,
  run: (desk) => tell(desk, 'It was not undone.', undoEdit(desk.store)),
};

const redoCommand: Command<Desk> = {
  id: 'edit.redo',
  needs: 'editor',
  title: 'Redo',
  group: 'Edit',
  keys: ['Mod+Shift+Z', 'Mod+Y'],
  reach: 'controls',
  repeats: true,
  when: (desk) => state(desk).history.future.length > 0,
  run: (desk) => tell(desk, 'It was not redone.', redoEdit(desk.store)),
};

function remove(desk: Desk, closes: boolean): void {
  const { history, selection, catalogue } = state(desk);
  const change = removal(history.document, selection, closes ? catalogue : undefined);
  if (!change) return;
  // What had the focus goes away with it.
  desk.focus('graph');
  const label = selection.nodes.size > 1 ? `Delete ${selection.nodes.size} nodes` : 'Delete';
  tell(desk, 'Nothing was deleted.', edit(desk.store, change, label));
}

const deleteCommand: Command<Desk> = {
  id: 'selection.delete',
  needs: 'editor',
  title: 'Delete',
  group: 'Edit',
  keys: ['Delete', 'Backspace'],
  undo: 'delete',
  when: hasChosen,
  run: (desk) => remove(desk, false),
};

const deleteAndReconnect: Command<Desk> = {
  id: 'node.delete-and-reconnect',
  needs: 'editor',
  title: 'Delete and reconnect',
  group: 'Edit',
  keys: ['Mod+Backspace', 'Mod+Delete'],
  undo: 'delete',
  when: (desk) => chosenKey(state(desk).selection) !== undefined,
  run: (desk) => remove(desk, true),
};

/** What is chosen, with the places at which it is seen: a document by hand has none. */
function chosenPiece(desk: Desk): Piece | undefined {
  const { history, selection, catalogue } = state(desk);
  const piece = pieceOf(history.document, selection);
  const places = placesOf(history.document, catalogue);
  const nodes = piece?.nodes.map((node) => ({
    ...node,
    at: [...(places.get(node.key) ?? [0, 0])] as [number, number],
  }));
  return piece && nodes && { ...piece, nodes };
}

async function copy(desk: Desk): Promise<boolean> {
  const piece = chosenPiece(desk);
  if (!piece) return false;
  await desk.clipboard.writeText(JSON.stringify(piece, null, 2));
  desk.store.setState({ said: `Copied ${amount(piece)}` });
  return true;
}

const copyCommand: Command<Desk> = {
  id: 'selection.copy',
  title: 'Copy as JSON',
  group: 'Edit',
  keys: ['Mod+C'],
  clipboard: 'copy',
  when: hasPiece,
  run: async (desk) => void (await copy(desk)),
};

const cutCommand: Command<Desk> = {
  id: 'selection.cut',
  needs: 'editor',
  title: 'Cut',
  group: 'Edit',
  keys: ['Mod+X'],
  clipboard: 'cut',
  undo: 'delete',
  when: hasPiece,
  run: async (desk) => {
    if (await copy(desk)) remove(desk, false);
  },
};

function pasteText(desk: Desk, text: string, middle?: readonly [number, number]): void {
  const piece = readPiece(text);
  if ('refused' in piece) {
    const { message, mend } = piece.refused;
    desk.say({ title: message, ...(mend === undefined ? {} : { text: mend }), state: 'failed' });
    return;
  }
  const { history, catalogue } = state(desk);
  const pasted = pasteEdit(history.document, catalogue, piece, middle);
  if ('refused' in pasted) {
    desk.say({ title: pasted.refused.message, text: pasted.refused.mend, state: 'failed' });
    return;
  }
  const edits = [...keepPlaces(history.document, catalogue), pasted.edit];
  const refused = edit(desk.store, { do: 'batch', edits }, `Paste ${amount(piece)}`);
  if (refused) return tell(desk, 'Nothing was pasted.', refused);
  select(desk.store, pasted.selection);
  desk.camera.show([...pasted.selection.nodes, ...[...pasted.selection.notes].map((id) => `note:${id}`)]);
  desk.focus('graph');
}

/** `2 nodes`, `1 note`: how much a piece holds, in words. */
const amount = ({ nodes, notes = [] }: Piece): string =>
  nodes.length > 0 ? counted(nodes.length, 'node') : counted(notes.length, 'note');

const pasteCommand: Command<Desk> = {
  id: 'canvas.paste',
  needs: 'editor',
  title: 'Paste',
  group: 'Edit',
  keys: ['Mod+V'],
  clipboard: 'paste',
  undo: 'paste',
  run: async (desk) => {
    try {
      pasteText(desk, await desk.clipboard.readText(), desk.camera.centre());
    } catch (error) {
      complain(desk, 'Nothing was pasted.', error);
    }
  },
};

const duplicateCommand: Command<Desk> = {
  id: 'selection.duplicate',
  needs: 'editor',
  title: 'Duplicate',
  group: 'Edit',
  keys: ['Mod+D'],
  undo: 'paste',
  when: hasPiece,
  run: (desk) => pasteText(desk, JSON.stringify(chosenPiece(desk))),
};

const selectAll: Command<Desk> = {
  id: 'selection.all',
  title: 'Select all',
  group: 'Edit',
  keys: ['Mod+A'],
  run: (desk) => {
    const { document } = state(desk).history;
    select(desk.store, {
      nodes: new Set(document.nodes.map(({ key }) => key)),
      edges: new Set(document.edges.map(edgeId)),
      notes: new Set(document.notes?.map(({ id }) => id)),
    });
  },
};

const letGo: Command<Desk> = {
  id: 'selection.clear',
  title: 'Clear the selection',
  group: 'Edit',
  keys: ['Escape'],
  when: hasChosen,
  run: (desk) => select(desk.store, {}),
};

const rename: Command<Desk> = {
  id: 'node.rename',
  needs: 'editor',
  title: 'Rename',
  group: 'Node',
  keys: ['F2'],
  when: (desk) => chosenKey(state(desk).selection) !== undefined,
  run: (desk) => {
    const key = chosenKey(state(desk).selection);
    const isInOutline = typeof document !== 'undefined' && document.activeElement?.closest('[role=tree]') != null;
    if (key !== undefined) desk.store.setState({ naming: { key, where: isInOutline ? 'outline' : 'canvas' } });
  },
};

const toggleDisabled: Command<Desk> = {
  id: 'node.disable',
  needs: 'editor',
  title: 'Disable or enable',
  group: 'Node',
  words: 'skip off on',
  keys: ['D'],
  undo: 'settings',
  when: hasNodes,
  run: (desk) => {
    const { history, selection } = state(desk);
    const nodes = history.document.nodes.filter(({ key }) => selection.nodes.has(key));
    const isOn = nodes.some(({ settings }) => settings?.disabled !== true);
    const edits = nodes.map(({ key, settings }): Edit => {
      const { disabled: _was, ...rest } = settings ?? {};
      const next = isOn ? { ...rest, disabled: true } : rest;
      return { do: 'set-settings', key, ...(Object.keys(next).length > 0 ? { settings: next } : {}) };
    });
    edit(desk.store, { do: 'batch', edits }, isOn ? 'Disable' : 'Enable');
  },
};

const addNote: Command<Desk> = {
  id: 'canvas.note',
  needs: 'editor',
  title: 'Add a note',
  group: 'Add',
  keys: ['Shift+S'],
  undo: 'add',
  run: (desk) => {
    const ids = new Set(state(desk).history.document.notes?.map(({ id }) => id));
    let number = ids.size + 1;
    while (ids.has(`note-${number}`)) number++;
    const id = `note-${number}`;
    const [x, y] = desk.camera.centre();
    const { history, catalogue } = state(desk);
    const [width, height] = noteSize;
    const boxes = boxesOfAll(placed(history.document, catalogue), catalogue);
    const at = freePlace([x - width / 2, y - height / 2], height, boxes, width);
    if (edit(desk.store, { do: 'add-note', note: { id, text: '', at, size: [width, height] } }, 'Add a note')) return;
    desk.store.setState({ writing: id });
    select(desk.store, { notes: new Set([id]) });
    desk.camera.show([`note:${id}`]);
    desk.focus('note');
  },
};

/** A step of the grid, or with Shift four, in a direction. */
const nudge = (key: string, [x, y]: readonly [number, number], words: string): Command<Desk>[] =>
  [1, 4].map((steps) => ({
    id: `selection.move-${words}${steps > 1 ? '-far' : ''}`,
    needs: 'editor',
    title: `Move ${words}${steps > 1 ? ' far' : ''}`,
    group: 'Edit',
    keys: [`${steps > 1 ? 'Alt+Shift+' : 'Alt+'}${key}`],
    repeats: true,
    undo: 'nudge',
    when: hasPiece,
    run: (desk) => {
      const { history, selection, catalogue } = state(desk);
      const by = ([left, top]: Point): [number, number] => [left + x * 16 * steps, top + y * 16 * steps];
      const places = placesOf(history.document, catalogue);
      const nodes = [...selection.nodes].map((name) => ({ key: name, at: by(places.get(name) ?? [0, 0]) }));
      const chosen = (history.document.notes ?? []).filter(({ id }) => selection.notes.has(id));
      const notes = chosen.map(({ id, at }) => ({ id, at: by(at ?? [0, 0]) }));
      const kept = keepPlaces(history.document, catalogue);
      edit(desk.store, { do: 'batch', edits: [...kept, { do: 'move', nodes, notes }] }, 'Move', 'nudge');
    },
  }));

/** What can be done to what is chosen; menu, keyboard, palette and tests run these same objects. */
export const editCommands: readonly Command<Desk>[] = [
  undoCommand,
  redoCommand,
  copyCommand,
  cutCommand,
  pasteCommand,
  duplicateCommand,
  deleteCommand,
  deleteAndReconnect,
  selectAll,
  letGo,
  rename,
  toggleDisabled,
  addNote,
  ...nudge('ArrowLeft', [-1, 0], 'left'),
  ...nudge('ArrowRight', [1, 0], 'right'),
  ...nudge('ArrowUp', [0, -1], 'up'),
  ...nudge('ArrowDown', [0, 1], 'down'),
];
