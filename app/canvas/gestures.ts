import type { Connection, FinalConnectionState } from '@xyflow/react';
import type { Edit } from '../../flow/document/edits/edit.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Edge } from '../../flow/document/workflow.ts';
import { splicing } from './add-node.ts';
import type { Menu } from './canvas-menu.tsx';
import { joint, jointWith, waysOf } from './connect.ts';
import type { Joint } from './connect.ts';
import type { Desk } from './desk.ts';
import { beginDrawing, endDrawing } from './drawing.ts';
import { addNode, edit, select } from './editing.ts';
import type { Point } from '../graph/geometry.ts';
import type { Gestures, MenuThing } from '../graph/graph.tsx';
import { copyEdit, pieceOf } from './piece.ts';
import { edgeId } from '../graph/selection.ts';
import { keepPlaces, placed } from '../graph/placement.ts';
import { noteUsed } from './used-lately.ts';

/** What a person does with a pointer on the canvas, each as an edit of the document. */
export function gesturesOf(desk: Desk, setMenu: (menu: Menu) => void): Gestures {
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
    dropEdge: (state, at, card) => dropEdge(desk, state, at, card),
    draw: (from, side) => {
      const { history, catalogue } = store.getState();
      if (from) beginDrawing(history.document, catalogue, from, side);
      else endDrawing();
    },
    drop: (type, at, onto) => dropNew(desk, type, at, edgeNamed(desk, onto)),
    maySplice: (key, onto) => {
      const { history, catalogue } = store.getState();
      const edge = edgeNamed(desk, onto);
      return edge !== undefined && splicing(history.document, catalogue, key, edge, [0, 0]) !== undefined;
    },
    dropOnEdge: (key, onto, at) => {
      const { history, catalogue } = store.getState();
      const edge = edgeNamed(desk, onto);
      const edits = edge && splicing(history.document, catalogue, key, edge, at);
      if (!edits) return moveTo(desk, new Map([[key, at]]));
      const kept = keepPlaces(history.document, catalogue);
      edit(store, { do: 'batch', edits: [...kept, ...edits] }, 'Insert on the edge');
    },
    reconnect: (id, connection) => {
      const edge = edgeNamed(desk, id);
      const judged = judge(connection);
      if (edge && 'edge' in judged) takeElsewhere(desk, edge, judged.edge);
    },
    dropEnd: (id, state, card) => dropEnd(desk, edgeNamed(desk, id), state, card),
    copyTo: (places) => copyTo(desk, places),
    menu: (at, on) => {
      if (on) chooseFor(desk, on);
      setMenu({ ...at, on: on?.kind });
    },
  };
}

/** A node of the palette goes into the edge that it was let go over, else it stands there. */
function dropNew(desk: Desk, type: string, at: Point, edge: Edge | undefined): void {
  const card = desk.store.getState().catalogue(type);
  if (!card) return;
  const key = addNode(desk.store, card, edge ? { edge, at } : { at });
  noteUsed(type);
  if (key === undefined) return;
  desk.camera.show([key]);
  desk.focus('canvas');
}

/** A menu is about what it was asked for at; what is chosen together stays so. */
function chooseFor({ store }: Desk, { kind, id }: MenuThing): void {
  const list = `${kind}s` as const;
  if (!store.getState().selection[list].has(id)) select(store, { [list]: new Set([id]) });
}

/** One end of an edge goes to another port: the edge keeps its place in the author's order, and stays chosen. */
function takeElsewhere({ store }: Desk, old: Edge, edge: Edge): void {
  const index = store.getState().history.document.edges.indexOf(old);
  const edits: Edit[] = [
    { do: 'disconnect', edge: old },
    { do: 'connect', edge, index },
  ];
  if (!edit(store, { do: 'batch', edits }, 'Move a connection')) select(store, { edges: new Set([edgeId(edge)]) });
}

/** Over a card it goes to a port that takes it; over one that does not, why not is said; over nothing nothing happens. */
function dropEnd(desk: Desk, edge: Edge | undefined, state: FinalConnectionState, card: string | undefined): void {
  const there = card ?? state.toHandle?.nodeId;
  if (!edge || !state.fromHandle || there === undefined) return;
  const was = state.fromHandle.type === 'source' ? edge.to : edge.from;
  if (splitEnd(was).key === there) return;
  const judged = judgeEnd(desk, state, there, edge);
  if ('no' in judged) desk.say({ title: judged.no, state: 'failed' });
  else takeElsewhere(desk, edge, judged.edge);
}

/** Over a port of the other side this is what was meant, over any other place of a card that card. */
function judgeEnd({ store }: Desk, { fromHandle, toHandle }: FinalConnectionState, key: string, taken?: Edge): Joint {
  const { history, catalogue } = store.getState();
  const { document } = history;
  const here = { key: fromHandle?.nodeId ?? '', port: fromHandle?.id ?? '' };
  const side = fromHandle?.type === 'source' ? 'out' : 'in';
  const left = taken ? { ...document, edges: document.edges.filter((edge) => edge !== taken) } : document;
  // The port that is nearest may be that of a card beside the one that is meant.
  if (toHandle?.nodeId !== key || toHandle.type === fromHandle?.type)
    return jointWith(left, catalogue, here, side, key);
  const there = { key, port: toHandle.id ?? '' };
  return side === 'out' ? joint(left, catalogue, here, there) : joint(left, catalogue, there, here);
}

/** Copies of what was dragged stand where it was let go; itself is where it was. */
function copyTo({ store }: Desk, places: ReadonlyMap<string, Point>): void {
  const { history, catalogue } = store.getState();
  const ids = [...places.keys()];
  const isNote = (id: string) => id.startsWith('note:');
  const chosen = {
    nodes: new Set(ids.filter((id) => !isNote(id))),
    edges: new Set<string>(),
    notes: new Set(ids.filter(isNote).map((id) => id.slice('note:'.length))),
  };
  const whole = placed(history.document, catalogue);
  const piece = pieceOf(whole, chosen);
  const [first] = ids;
  const [x, y] = places.get(first ?? '') ?? [0, 0];
  const was = isNote(first ?? '')
    ? whole.notes?.find(({ id }) => `note:${id}` === first)?.at
    : whole.nodes.find(({ key }) => key === first)?.at;
  if (!piece || !was) return;
  const copied = copyEdit(history.document, catalogue, piece, [Math.round(x - was[0]), Math.round(y - was[1])]);
  if ('refused' in copied) return;
  const edits = [...keepPlaces(history.document, catalogue), copied.edit];
  if (!edit(store, { do: 'batch', edits }, 'Duplicate')) select(store, copied.selection);
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

/** Over nothing the picker opens; over a card it goes to a port that takes it; over one that does not, why not is said. */
function dropEdge(desk: Desk, state: FinalConnectionState, at: Point, card: string | undefined): void {
  const { fromHandle, toHandle } = state;
  if (!fromHandle) return;
  const here = { key: fromHandle.nodeId, port: fromHandle.id ?? '' };
  const there = card ?? toHandle?.nodeId;
  if (there === undefined) {
    desk.store.setState({ picking: { at, ...(fromHandle.type === 'source' ? { from: here } : { into: here }) } });
    return;
  }
  if (there === here.key && (toHandle?.nodeId !== there || toHandle.id === fromHandle.id)) return;
  const judged = judgeEnd(desk, state, there);
  if ('no' in judged) desk.say({ title: judged.no, state: 'failed' });
  else edit(desk.store, { do: 'connect', edge: judged.edge }, 'Connect');
}
