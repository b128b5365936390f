import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import type { Connection, FinalConnectionState } from '@xyflow/react';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { pictureOf } from '../inspector/run-picture.ts';
import { splicing } from './add-node.ts';
import { issuesByNode } from './checking.ts';
import { joint, waysOf } from './connect.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { beginDrawing, endDrawing } from './drawing.ts';
import { addNode, edit, select } from './editing.ts';
import { EmptyCanvas } from './empty-canvas.tsx';
import type { Scene } from './flow-model.ts';
import { size, snapped } from './geometry.ts';
import { keepPlaces } from './placement.ts';
import type { Point } from './geometry.ts';
import { Graph } from './graph.tsx';
import type { Flow, Gestures, MenuPlace } from './graph.tsx';
import { Picker } from './picker.tsx';
import { edgeId } from './piece.ts';
import type { Selection } from './piece.ts';
import { RunBar } from './run-bar.tsx';
import { noteUsed } from './used-lately.ts';
import { ZoomBar } from './zoom-bar.tsx';

const CanvasMenu = lazy(() => import('./canvas-menu.tsx'));
const LinkPicker = lazy(() => import('./link-picker.tsx'));

/** The canvas of the editor: the draft as a graph, with every gesture an edit. */
export function EditorGraph({ onReady }: { onReady: (flow: Flow) => void }) {
  const desk = useDesk();
  const scene = useScene();
  const [menu, setMenu] = useState<MenuPlace>();
  const gestures = useMemo(() => gesturesOf(desk, setMenu), [desk]);
  const choose = useCallback((selection: Selection) => chooseNew(desk, selection), [desk]);
  const open = useCallback(() => desk.focus('form'), [desk]);
  return (
    <main
      className="flow-room"
      aria-label="Canvas"
      tabIndex={-1}
      data-focus="canvas"
      onFocus={(event) => chooseFocused(desk, event.target)}
    >
      <Graph scene={scene} select={choose} gestures={gestures} onReady={onReady} onOpen={open}>
        <EmptyCanvas />
        <Picker />
        <Links />
      </Graph>
      <RunBar />
      <ZoomBar />
      <Suspense fallback={null}>{menu && <CanvasMenu place={menu} close={() => setMenu(undefined)} />}</Suspense>
    </main>
  );
}

function Links() {
  const linking = useEditor((state) => state.linking);
  return (
    <Suspense fallback={null}>{linking && <LinkPicker key={linking.key + linking.act} linking={linking} />}</Suspense>
  );
}

function useScene(): Scene {
  const document = useEditor(({ history }) => history.document);
  const catalogue = useEditor((state) => state.catalogue);
  const selection = useEditor((state) => state.selection);
  const issues = useEditor((state) => state.issues);
  const shown = useEditor((state) => state.shown);
  const byNode = useMemo(() => issuesByNode(issues), [issues]);
  const picture = useMemo(() => shown && pictureOf(document, shown.steps, catalogue), [shown, document, catalogue]);
  return useMemo(
    () => ({ document, catalogue, selection, issues: byNode, picture, isReadOnly: false }),
    [document, catalogue, selection, byNode, picture],
  );
}

const same = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((one) => b.has(one));

/** React Flow tells its selection again after each change of ours; only a person's is news. */
function chooseNew({ store }: Desk, selection: Selection): void {
  const now = store.getState().selection;
  if (same(now.nodes, selection.nodes) && same(now.edges, selection.edges) && same(now.notes, selection.notes)) return;
  select(store, selection);
}

/** A node that is reached with Tab is chosen, so that every command is about it; a pointer chooses by itself. */
function chooseFocused({ store }: Desk, target: EventTarget): void {
  const node = target instanceof HTMLElement && target.matches('.react-flow__node:focus-visible') ? target : undefined;
  const key = node?.dataset['id'];
  if (key === undefined || key.startsWith('note:') || store.getState().selection.nodes.has(key)) return;
  select(store, { nodes: new Set([key]) });
}

function gesturesOf(desk: Desk, setMenu: (place: MenuPlace) => void): Gestures {
  const { store } = desk;
  const ends = ({ source, target, sourceHandle, targetHandle }: Connection) =>
    [
      { key: source, port: sourceHandle ?? '' },
      { key: target, port: targetHandle ?? '' },
    ] as const;
  const judge = (connection: Connection) => {
    const { history, catalogue } = store.getState();
    return joint(history.document, catalogue, ...ends(connection), waysOf(history.document, catalogue));
  };
  return {
    move: (places) => moveTo(desk, places),
    mayConnect: (connection) =>
      'edge' in
      judge({
        source: connection.source,
        target: connection.target,
        sourceHandle: connection.sourceHandle ?? null,
        targetHandle: connection.targetHandle ?? null,
      }),
    connect: (connection) => {
      const judged = judge(connection);
      if ('edge' in judged) edit(store, { do: 'connect', edge: judged.edge }, 'Connect');
    },
    dropEdge: (state, at) => dropEdge(desk, state, at, judge),
    draw: (from, side) => {
      const { history, catalogue } = store.getState();
      if (from) beginDrawing(history.document, catalogue, from, side);
      else endDrawing();
    },
    drop: (type, [x, y], onto) => {
      const card = store.getState().catalogue(type);
      const edge = edgeNamed(desk, onto);
      if (card) addNode(store, card, edge ? { edge } : { at: snapped([x - size.width / 2, y - size.face / 2]) });
      if (card) noteUsed(type);
    },
    dropOnEdge: (key, onto, at) => {
      const { history, catalogue } = store.getState();
      const edge = edgeNamed(desk, onto);
      const splice = edge && splicing(history.document, catalogue, key, edge);
      if (!splice) return moveTo(desk, new Map([[key, at]]));
      const place: [number, number] = [Math.round(at[0]), Math.round(at[1])];
      const kept = keepPlaces(history.document, catalogue);
      const move: Edit = { do: 'move', nodes: [{ key, at: place }] };
      edit(store, { do: 'batch', edits: [...kept, move, splice] }, 'Insert on the edge');
    },
    menu: (at, id) => {
      if (id !== undefined && !store.getState().selection.nodes.has(id)) select(store, { nodes: new Set([id]) });
      setMenu(at);
    },
  };
}

const edgeNamed = ({ store }: Desk, id: string | undefined) =>
  store.getState().history.document.edges.find((edge) => edgeId(edge) === id);

function moveTo({ store }: Desk, places: ReadonlyMap<string, Point>): void {
  const at = ([x, y]: Point): [number, number] => [Math.round(x), Math.round(y)];
  const { history, catalogue } = store.getState();
  const { document } = history;
  const old = new Map(document.nodes.map((node) => [node.key, node.at]));
  const moved = [...places].filter(([id, [x, y]]) => old.get(id)?.[0] !== x || old.get(id)?.[1] !== y);
  const nodes = moved.filter(([id]) => !id.startsWith('note:')).map(([key, place]) => ({ key, at: at(place) }));
  const notes = moved
    .filter(([id]) => id.startsWith('note:'))
    .map(([id, place]) => ({ id: id.slice('note:'.length), at: at(place) }));
  if (nodes.length + notes.length > 0) {
    const kept = keepPlaces(document, catalogue);
    edit(store, { do: 'batch', edits: [...kept, { do: 'move', nodes, notes }] }, 'Move');
  }
}

/** Over nothing the picker opens; over a port that does not take it, why not is said. */
function dropEdge(
  desk: Desk,
  { fromHandle, toHandle, toNode }: FinalConnectionState,
  at: Point,
  judge: (connection: Connection) => ReturnType<typeof joint>,
): void {
  if (!fromHandle) return;
  const here = { key: fromHandle.nodeId, port: fromHandle.id ?? '' };
  if (!toHandle && !toNode) {
    desk.store.setState({ picking: { at, ...(fromHandle.type === 'source' ? { from: here } : { into: here }) } });
    return;
  }
  const there = { key: toHandle?.nodeId ?? toNode?.id ?? '', port: toHandle?.id ?? '' };
  const [from, to] = fromHandle.type === 'source' ? [here, there] : [there, here];
  if (from.key === to.key && from.port === to.port) return;
  const judged = judge({ source: from.key, target: to.key, sourceHandle: from.port, targetHandle: to.port });
  if ('no' in judged) desk.say({ title: judged.no, state: 'failed' });
  // Let go over a card but not over its port: the person meant its first.
  else edit(desk.store, { do: 'connect', edge: judged.edge }, 'Connect');
}
