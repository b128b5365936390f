import { splitEnd } from '../../../flow/document/ports.ts';
import type { Edge } from '../../../flow/document/workflow.ts';
import { freePort } from '../add-node.ts';
import { complain, hideRun, runDraft, runLive } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { chosenKey, edit } from '../editing.ts';
import { mayEdit } from '../may-edit.ts';
import { size } from '../../graph/geometry.ts';
import type { Point } from '../../graph/geometry.ts';
import { columnStep } from '../making-room.ts';
import { edgeId } from '../../graph/selection.ts';
import { shownOutput, wholeOutput } from '../pinning.ts';
import { beginsElsewhere } from '../used-data.ts';
import { placesOf } from '../../graph/placement.ts';
import { isOver } from '../../api/run-over.ts';
import type { Command } from '../../commands/command.ts';
import { isOnCanvas, walkCommands } from './walk-commands.ts';

const state = ({ store }: Desk) => store.getState();
const chosen = (desk: Desk): string | undefined => chosenKey(state(desk).selection);

/** The only chosen edge, with the middle of its ends. */
function chosenEdge(desk: Desk): { edge: Edge; at: Point } | undefined {
  const { history, catalogue, selection } = state(desk);
  const [id] = selection.edges;
  if (selection.edges.size !== 1 || selection.nodes.size + selection.notes.size > 0) return undefined;
  const edge = history.document.edges.find((one) => edgeId(one) === id);
  if (!edge) return undefined;
  const places = placesOf(history.document, catalogue);
  const [from, to] = [edge.from, edge.to].map((end) => places.get(splitEnd(end).key) ?? ([0, 0] as const));
  return { edge, at: [(from![0] + to![0] + size.width) / 2, (from![1] + to![1] + size.face) / 2] };
}

/** The only chosen note. */
function chosenNote(desk: Desk): string | undefined {
  const { nodes, edges, notes } = state(desk).selection;
  return notes.size === 1 && nodes.size + edges.size === 0 ? [...notes][0] : undefined;
}

const addNext: Command<Desk> = {
  id: 'node.add',
  needs: 'editor',
  title: 'Add a node',
  group: 'Add',
  words: 'insert picker next after',
  keys: ['N'],
  run: (desk) => {
    const { history, catalogue } = state(desk);
    const key = chosen(desk);
    const at = key === undefined ? undefined : placesOf(history.document, catalogue).get(key);
    const beside = at && ([at[0] + columnStep, at[1] + size.face / 2] as const);
    desk.store.setState({
      picking:
        key !== undefined && beside
          ? { at: beside, from: { key, port: freePort(history.document, catalogue, key) } }
          : (chosenEdge(desk) ?? { at: desk.camera.centre() }),
    });
  },
};

const addBetween: Command<Desk> = {
  id: 'edge.insert',
  needs: 'editor',
  title: 'Insert a node here',
  group: 'Add',
  words: 'split edge connection between',
  when: (desk) => chosenEdge(desk) !== undefined,
  run: (desk) => desk.store.setState({ picking: chosenEdge(desk) }),
};

const link = (act: 'connect' | 'disconnect', title: string, key: string): Command<Desk> => ({
  id: `node.${act}`,
  needs: 'editor',
  title,
  group: 'Edit',
  words: 'edge wire link port join cut',
  keys: [key],
  undo: 'connect',
  when: (desk) => chosen(desk) !== undefined,
  run: (desk) => {
    const node = chosen(desk);
    if (node !== undefined) desk.store.setState({ linking: { key: node, act }, picking: undefined });
  },
});

const tidy: Command<Desk> = {
  id: 'canvas.tidy',
  needs: 'editor',
  title: 'Tidy up',
  group: 'View',
  words: 'layout arrange align',
  keys: ['Shift+L'],
  undo: 'move',
  run: async (desk) => {
    try {
      const places = await desk.tidy(desk.store);
      const nodes = [...places].map(([key, [x, y]]) => ({ key, at: [x, y] as [number, number] }));
      edit(desk.store, { do: 'move', nodes }, 'Tidy up');
      desk.camera.fitCalmly();
    } catch (error) {
      complain(desk, 'The canvas could not be tidied.', error);
    }
  },
};

const view = (id: string, title: string, keys: string[], run: (desk: Desk) => void): Command<Desk> => ({
  id: `view.${id}`,
  title,
  group: 'View',
  keys,
  run,
});

const flip = (desk: Desk, side: 'palette' | 'outline' | 'issues') =>
  desk.store.setState((before) => ({ side: before.side === side ? 'none' : side }));

const runAll: Command<Desk> = {
  id: 'run.start',
  needs: 'operator',
  title: 'Run',
  group: 'Run',
  words: 'execute try test start',
  keys: ['Mod+Enter'],
  reach: 'everywhere',
  // What is not published runs for editors only: an operator starts what is live.
  isSent: true,
  when: (desk) => mayStart(desk) && (mayEdit(state(desk)) || state(desk).published !== undefined),
  run: async (desk) => {
    const key = chosen(desk);
    const { history, catalogue, published } = state(desk);
    const start = history.document.nodes.find((node) => node.key === key && catalogue(node.type)?.role === 'start');
    if (!mayEdit(state(desk))) {
      const isLive = published?.document?.nodes.some((node) => node.key === start?.key) ?? false;
      return runLive(desk, isLive ? start?.key : undefined);
    }
    await runDraft(desk, { ...(start ? { start: start.key } : {}), ...used(desk) });
  },
};

/** The run that was loaded to try with is the input of every try. */
const used = (desk: Desk): { reuse?: string; pins?: 'rest' } => {
  const { usedRun } = state(desk);
  return usedRun === undefined || beginsElsewhere(state(desk)) ? {} : { reuse: usedRun, pins: 'rest' };
};

const runToHere: Command<Desk> = {
  id: 'run.up-to-here',
  needs: 'editor',
  title: 'Run up to here',
  group: 'Run',
  keys: ['Shift+Enter'],
  isSent: true,
  when: (desk) => chosen(desk) !== undefined && mayStart(desk),
  run: async (desk) => void (await runDraft(desk, { upTo: chosen(desk), ...used(desk) })),
};

/** What comes before the node is taken from the run on the canvas; where there is none, it runs once. */
const runOne: Command<Desk> = {
  id: 'run.one',
  needs: 'editor',
  title: 'Run this node',
  group: 'Run',
  words: 'single only alone again step',
  keys: ['Alt+Enter'],
  reach: 'everywhere',
  isSent: true,
  when: (desk) => chosen(desk) !== undefined && mayStart(desk),
  run: async (desk) => {
    const { shown } = state(desk);
    await runDraft(desk, { upTo: chosen(desk), ...used(desk), ...(shown?.run ? { reuse: shown.id } : {}) });
  },
};

/** Whether the run on the canvas still goes on. */
export const isGoing = (desk: Desk): boolean => {
  const { shown } = state(desk);
  return shown !== undefined && (shown.run === undefined || !isOver(shown.run));
};

/** A run that goes, or is about to, is over or stopped before another begins. */
const mayStart = (desk: Desk): boolean => !isGoing(desk) && !state(desk).isStarting;

const stop: Command<Desk> = {
  id: 'run.cancel',
  needs: 'operator',
  title: 'Stop the run',
  group: 'Run',
  keys: ['Mod+.'],
  reach: 'everywhere',
  isSent: true,
  when: isGoing,
  run: async (desk) => {
    try {
      await desk.remote.cancel(state(desk).shown?.id ?? '');
    } catch (error) {
      complain(desk, 'The run was not stopped.', error);
    }
  },
};

const closeRun: Command<Desk> = {
  id: 'run.hide',
  title: 'Hide the run',
  group: 'Run',
  when: (desk) => state(desk).shown !== undefined,
  run: hideRun,
};

const openRun: Command<Desk> = {
  id: 'run.open',
  title: 'Open the run',
  group: 'Run',
  when: (desk) => state(desk).shown !== undefined,
  run: (desk) => desk.open(`/runs/${state(desk).shown?.id}`),
};

const pin: Command<Desk> = {
  id: 'node.pin',
  needs: 'editor',
  title: 'Pin or unpin the output',
  group: 'Node',
  words: 'mock freeze sample',
  keys: ['P'],
  undo: 'pin',
  when: (desk) => {
    const key = chosen(desk);
    return (
      key !== undefined &&
      (state(desk).history.document.pins?.[key] !== undefined || shownOutput(state(desk), key) !== undefined)
    );
  },
  run: async (desk) => {
    const key = chosen(desk) ?? '';
    if (state(desk).history.document.pins?.[key]) return void edit(desk.store, { do: 'set-pin', key }, 'Unpin');
    try {
      const pinned = await wholeOutput(state(desk), key);
      if (pinned) edit(desk.store, { do: 'set-pin', key, pinned }, 'Pin the output');
    } catch (error) {
      complain(desk, 'The output is not pinned.', error);
    }
  },
};

/** What can be done on the canvas beside editing what is chosen. */
export const graphCommands: readonly Command<Desk>[] = [
  addNext,
  addBetween,
  runAll,
  runToHere,
  runOne,
  stop,
  openRun,
  closeRun,
  pin,
  tidy,
  link('connect', 'Connect to…', 'C'),
  link('disconnect', 'Disconnect…', 'Shift+C'),
  ...walkCommands,
  view('fit', 'Fit the graph into view', ['1'], ({ camera }) => camera.fit()),
  view('zoom-in', 'Zoom in', ['+', '='], ({ camera }) => camera.zoomBy(1.25)),
  view('zoom-out', 'Zoom out', ['-'], ({ camera }) => camera.zoomBy(0.8)),
  { ...view('palette', 'Show or hide the palette', ['A'], (desk) => flip(desk, 'palette')), needs: 'editor' },
  view('outline', 'Show or hide the outline', ['O'], (desk) => {
    flip(desk, 'outline');
    desk.focus(state(desk).side === 'outline' ? 'outline' : 'canvas');
  }),
  view('issues', 'Show or hide the Issues', ['I'], (desk) => {
    flip(desk, 'issues');
    desk.focus(state(desk).side === 'issues' ? 'issues' : 'canvas');
  }),
  { ...view('canvas', 'Go to the canvas', ['F6'], (desk) => desk.focus('canvas')), reach: 'everywhere' },
  view('data', 'Show or hide the data', ['Shift+D'], (desk) =>
    desk.store.setState(({ isDataOpen }) => ({ isDataOpen: !isDataOpen })),
  ),
  {
    ...view('form', 'Go to the form', ['Enter'], (desk) => {
      const note = chosenNote(desk);
      if (note !== undefined) desk.store.setState({ writing: note });
      desk.focus(note === undefined ? 'form' : 'note');
    }),
    when: (desk) =>
      isOnCanvas() && (chosen(desk) !== undefined || (mayEdit(state(desk)) && chosenNote(desk) !== undefined)),
  },
  {
    ...view('find', 'Find a node to add', ['/'], (desk) => {
      desk.store.setState({ side: 'palette' });
      desk.focus('palette');
    }),
    needs: 'editor',
  },
];
