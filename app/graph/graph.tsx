import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  SelectionMode,
  applyEdgeChanges,
  applyNodeChanges,
} from '@xyflow/react';
import type {
  Connection,
  EdgeChange,
  FinalConnectionState,
  NodeChange,
  OnConnectStartParams,
  ReactFlowInstance,
} from '@xyflow/react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import { fitCalmly, maxZoom, minZoom } from './camera.ts';
import { cardUnder, markTakers } from './card-under.ts';
import { CardView } from './card-view.tsx';
import type { End } from './open-ends.ts';
import { canvasEdges, canvasNodes, keptEdges, keptNodes } from './flow-model.ts';
import type { CanvasNode, CardNode, Scene, ThreadEdge } from './flow-model.ts';
import { useLineOf } from './lines.ts';
import { NoteView } from './note-view.tsx';
import { showOverview } from './overview.ts';
import { markNoText } from './mark-no-text.ts';
import type { Selection } from './selection.ts';
import { ThreadView } from './thread-view.tsx';
import { useTelling } from './use-telling.ts';
import type { Telling } from './use-telling.ts';
import type { Point } from './geometry.ts';
import { DistanceTold } from './distance.ts';
import { edgeUnder } from './edge-under.ts';
import { takeAnchor } from './take-end.ts';
import type { PointerPlace } from './edge-under.ts';
import './graph.css';
import './distance.css';

/** The canvas as React Flow holds it. */
export type Flow = ReactFlowInstance<CanvasNode, ThreadEdge>;

const nodeTypes = { card: CardView, note: NoteView };
const edgeTypes = { thread: ThreadView };

// Given anew at each drawing, each would be news to all that React Flow holds.
const grid: [number, number] = [16, 16];
const addingKeys = ['Meta', 'Control', 'Shift'];
const attributed = { hideAttribution: false };
const overviewSize = { width: 152, height: 92 };

/** What a person did to the graph; left out, the graph is only looked at. */
export interface Gestures {
  readonly move: (places: ReadonlyMap<string, Point>) => void;
  readonly mayConnect: (connection: Connection | ThreadEdge) => boolean;
  readonly connect: (connection: Connection) => void;
  /** An edge was let go over nothing, over a card, or over a port that does not take it. */
  readonly dropEdge: (state: FinalConnectionState, at: Point, card: string | undefined) => void;
  /** An edge begins to be drawn from a port; undefined when it was let go. */
  readonly draw: (from: End | undefined, side: 'in' | 'out') => void;
  /** A node of the palette was let go, over an edge or over nothing. */
  readonly drop: (type: string, at: Point, edge: string | undefined) => void;
  /** Whether a card goes into an edge when it is dragged onto it. */
  readonly maySplice: (key: string, edge: string) => boolean;
  /** A card was dragged onto an edge. */
  readonly dropOnEdge: (key: string, edge: string, at: Point) => void;
  /** An end of an edge was taken to another port. */
  readonly reconnect: (edge: string, connection: Connection) => void;
  /** An end of an edge was let go over a port or card that does not take it; over nothing it is back where it was. */
  readonly dropEnd: (edge: string, state: FinalConnectionState, card: string | undefined) => void;
  /** Cards and notes were dragged with Alt held: copies go there, they stay. */
  readonly copyTo: (places: ReadonlyMap<string, Point>) => void;
  readonly menu: (at: MenuPlace, on: MenuThing | undefined) => void;
}

/** What the pointer was on when a menu was asked for. */
export type MenuThing = { readonly kind: 'node' | 'note' | 'edge'; readonly id: string };

/** Where a menu was asked for, on the screen. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

interface GraphProps {
  readonly scene: Scene;
  readonly select: (selection: Selection) => void;
  readonly gestures?: Gestures;
  readonly onReady: (flow: Flow) => void;
  readonly onOpen?: (key: string) => void;
  readonly children?: ReactNode;
}

/** The name under which a node type is dragged from the palette. */
export const dragType = 'application/x-heddle-node';

/** A document drawn as a graph: cards, notes and edges, with a run laid over it when one is shown. */
export function Graph({ scene, select, gestures, onReady, onOpen, children }: GraphProps) {
  const [nodes, setNodes] = useKeptNodes(scene);
  const [edges, setEdges] = useKeptEdges(scene);
  const [flow, setFlow] = useState<Flow>();
  // Only what is there at first is fitted: on an empty canvas the first node stays where it was dropped.
  const [isFitted] = useState(nodes.length > 0);
  const drawn = useRef({ nodes, edges });
  useLayoutEffect(() => void (drawn.current = { nodes, edges }), [nodes, edges]);
  // What a person chooses are the changes that React Flow asks for, of cards and edges one after the other. The selection that it tells by
  // itself also follows ours, later: heard as a person's it would take back a newer one, which it then tells too, and so on for ever.
  const telling = useTelling(
    select,
    useCallback(() => selectionOf(drawn.current), []),
  );
  const { tell } = telling;
  const changed = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      drawn.current = { ...drawn.current, nodes: applyNodeChanges(changes, drawn.current.nodes) };
      setNodes((old) => applyNodeChanges(changes, old));
      if (changes.some(({ type }) => type === 'select')) tell();
    },
    [setNodes, tell],
  );
  // A person's press chooses an edge: React Flow only says so, and what it is not told back it forgets.
  const edgesChanged = useCallback(
    (changes: EdgeChange<ThreadEdge>[]) => {
      const chosen = changes.filter(({ type }) => type === 'select');
      if (chosen.length === 0) return;
      drawn.current = { ...drawn.current, edges: applyEdgeChanges(chosen, drawn.current.edges) };
      setEdges((old) => applyEdgeChanges(chosen, old));
      tell();
    },
    [setEdges, tell],
  );
  // The same functions at every frame of a drag: each new one would have React Flow draw all cards again.
  const gestured = useMemo(
    () => propsFor({ gestures, flow, telling, isReadOnly: scene.isReadOnly }),
    [gestures, flow, telling, scene.isReadOnly],
  );
  const ready = useCallback(
    (made: Flow) => {
      setFlow(made);
      if (isFitted) fitCalmly(made, 0);
      onReady(made);
    },
    [onReady, isFitted],
  );
  const open = useCallback((_: unknown, node: CanvasNode) => node.type === 'card' && onOpen?.(node.id), [onOpen]);
  return (
    <ReactFlow<CanvasNode, ThreadEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onInit={ready}
      onNodesChange={changed}
      onEdgesChange={edgesChanged}
      onNodeDoubleClick={open}
      onTouchStartCapture={takeAnchor}
      onMouseDownCapture={markNoText}
      {...gestured}
      minZoom={minZoom}
      maxZoom={maxZoom}
      snapToGrid
      snapGrid={grid}
      disableKeyboardA11y
      deleteKeyCode={null}
      // The pane is panned by any drag. Held back for all of the page, Space would be typed nowhere.
      panActivationKeyCode={null}
      selectionKeyCode="Shift"
      multiSelectionKeyCode={addingKeys}
      selectionMode={SelectionMode.Partial}
      panOnScroll
      onMoveStart={showWheeled}
      onMove={showOverview}
      zoomOnDoubleClick={false}
      onlyRenderVisibleElements={nodes.length > 150}
      connectionRadius={28}
      reconnectRadius={14}
      proOptions={attributed}
      attributionPosition="top-right"
    >
      <Background variant={BackgroundVariant.Dots} gap={16} size={1.4} color="var(--canvas-dot)" />
      {nodes.length > 0 && (
        <MiniMap
          className="float"
          pannable
          ariaLabel="Overview"
          nodeClassName={familyClass}
          nodeBorderRadius={0}
          style={overviewSize}
        />
      )}
      <DistanceTold />
      {children}
    </ReactFlow>
  );
}

/** One step of a wheel begins and ends a move, and is none between; who only presses the canvas begins one too. */
const showWheeled = (event: MouseEvent | TouchEvent | null): void => {
  if (event instanceof WheelEvent) showOverview();
};

/** The overview is typed by no node of ours; a card is known by its type. */
const familyClass = (node: { type?: string; data: object }): string =>
  `family-${node.type === 'card' ? ((node as CardNode).data.card?.family ?? 'code') : 'note'}`;

function useKeptNodes(scene: Scene) {
  const lineOf = useLineOf(scene.document);
  const [nodes, setNodes] = useState<CanvasNode[]>(() => canvasNodes(scene, lineOf));
  useEffect(() => setNodes((old) => keptNodes(old, canvasNodes(scene, lineOf))), [scene, lineOf]);
  return [nodes, setNodes] as const;
}

function useKeptEdges(scene: Scene) {
  const [edges, setEdges] = useState<ThreadEdge[]>(() => canvasEdges(scene));
  useEffect(() => setEdges((old) => keptEdges(old, canvasEdges(scene))), [scene]);
  return [edges, setEdges] as const;
}

function selectionOf(drawn: {
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly ThreadEdge[];
}): Selection {
  const nodes = drawn.nodes.filter(({ selected }) => selected === true);
  return {
    nodes: new Set(nodes.filter(({ type }) => type === 'card').map(({ id }) => id)),
    edges: new Set(drawn.edges.filter(({ selected }) => selected === true).map(({ id }) => id)),
    notes: new Set(nodes.filter(({ type }) => type === 'note').map(({ id }) => id.slice('note:'.length))),
  };
}

let marked: Element | undefined;

/** Shows that what is dragged would go into an edge. Straight on the page: a pointer moves often. */
function markEdge(edge: Element | undefined): void {
  if (edge === marked) return;
  marked?.classList.remove('is-drop');
  edge?.classList.add('is-drop');
  marked = edge;
}

interface Wished {
  readonly gestures: Gestures | undefined;
  readonly flow: Flow | undefined;
  readonly telling: Telling;
  readonly isReadOnly: boolean;
}

/** What React Flow tells of: of all that a pointer does, or, to those who only look, where a menu is asked for. */
function propsFor({ gestures, flow, telling, isReadOnly }: Wished) {
  const still = { nodesDraggable: false, nodesConnectable: false };
  if (!gestures) return still;
  return isReadOnly ? { ...still, ...menuProps(gestures) } : gestureProps(gestures, flow, telling);
}

/** How React Flow tells of what a pointer does. */
export function gestureProps(gestures: Gestures, flow: Flow | undefined, telling: Telling) {
  const place = (event: { clientX: number; clientY: number }): Point => {
    const { x, y } = flow?.screenToFlowPosition({ x: event.clientX, y: event.clientY }) ?? { x: 0, y: 0 };
    return [x, y];
  };
  const placesOf = (nodes: readonly CanvasNode[]) =>
    new Map(nodes.map(({ id, position }): [string, Point] => [id, [position.x, position.y]]));
  const moved = (nodes: readonly CanvasNode[]) => gestures.move(placesOf(nodes));
  const splicedEdge = (event: PointerPlace, node: CanvasNode, nodes: readonly CanvasNode[]) => {
    const edge = nodes.length === 1 && node.type === 'card' ? edgeUnder(event, node.id) : undefined;
    return edge && gestures.maySplice(node.id, edge.dataset['id'] ?? '') ? edge : undefined;
  };
  return {
    onNodeDragStart: telling.hold,
    onNodeDrag: (event: PointerPlace, node: CanvasNode, nodes: CanvasNode[]) =>
      markEdge(splicedEdge(event, node, nodes)),
    onNodeDragStop: (event: PointerPlace & { altKey?: boolean }, node: CanvasNode, nodes: CanvasNode[]) => {
      const edge = splicedEdge(event, node, nodes);
      markEdge(undefined);
      telling.release();
      const { x, y } = node.position;
      if (event.altKey) gestures.copyTo(placesOf(nodes));
      else if (edge) gestures.dropOnEdge(node.id, edge.dataset['id'] ?? '', [x, y]);
      else moved(nodes);
    },
    onSelectionDragStop: ({ altKey }: { altKey: boolean }, nodes: CanvasNode[]) =>
      altKey ? gestures.copyTo(placesOf(nodes)) : moved(nodes),
    ...paletteProps(gestures, place),
    ...edgeProps(gestures, place),
    ...menuProps(gestures),
  };
}

type PlaceOf = (event: { clientX: number; clientY: number }) => Point;

/** How it tells of nodes that come from the palette. */
function paletteProps(gestures: Gestures, place: PlaceOf) {
  const look = (event: DragEvent) => {
    event.preventDefault();
    markEdge(edgeUnder(event, undefined));
  };
  return {
    onDragEnter: look,
    onDragOver: look,
    // Told of each thing on the canvas that the pointer leaves, after it has come over the next.
    onDragLeave: ({ relatedTarget, currentTarget }: DragEvent) => {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) markEdge(undefined);
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      const type = event.dataTransfer.getData(dragType);
      const edge = edgeUnder(event, undefined);
      markEdge(undefined);
      if (type) gestures.drop(type, place(event), edge?.dataset['id']);
    },
  };
}

/** How it tells of edges that are drawn, or whose end is taken elsewhere. */
function edgeProps(gestures: Gestures, place: PlaceOf) {
  // React Flow tells of the end of any drawing; one that takes an end elsewhere is told again, with its edge.
  let taken: string | undefined;
  let unmark = () => {};
  return {
    onConnectStart: (_: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
      gestures.draw({ key: nodeId ?? '', port: handleId ?? '' }, handleType === 'target' ? 'in' : 'out');
      unmark();
      unmark = markTakers(nodeId ?? '');
    },
    isValidConnection: gestures.mayConnect,
    onConnect: gestures.connect,
    onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      unmark();
      gestures.draw(undefined, 'out');
      if (taken !== undefined) return;
      const pointer = 'clientX' in event ? event : event.changedTouches[0];
      if (!state.isValid && pointer) gestures.dropEdge(state, place(pointer), cardUnder(event));
    },
    onReconnectStart: (_: unknown, edge: ThreadEdge) => void (taken = edge.id),
    onReconnect: (edge: ThreadEdge, connection: Connection) => gestures.reconnect(edge.id, connection),
    onReconnectEnd: (event: MouseEvent | TouchEvent, edge: ThreadEdge, __: unknown, state: FinalConnectionState) => {
      taken = undefined;
      if (!state.isValid) gestures.dropEnd(edge.id, state, cardUnder(event));
    },
  };
}

/** How it tells where a menu is asked for, which is for those too who only look. */
function menuProps(gestures: Gestures) {
  const menuAt = (event: PressPlace, on: MenuThing | undefined) => {
    event.preventDefault();
    gestures.menu(placeOfPress(event), on);
  };
  return {
    // The frame around what was chosen together lies over its cards.
    onSelectionContextMenu: (event: PressPlace, [first]: CanvasNode[]) => menuAt(event, first && thingOf(first)),
    onPaneContextMenu: (event: PressPlace) => menuAt(event, undefined),
    onNodeContextMenu: (event: PressPlace, node: CanvasNode) => menuAt(event, thingOf(node)),
    onEdgeContextMenu: (event: PressPlace, { id }: ThreadEdge) => menuAt(event, { kind: 'edge', id }),
  };
}

const thingOf = ({ id, type }: CanvasNode): MenuThing =>
  type === 'note' ? { kind: 'note', id: id.slice('note:'.length) } : { kind: 'node', id };

interface PressPlace {
  readonly clientX: number;
  readonly clientY: number;
  readonly target: EventTarget | null;
  readonly preventDefault: () => void;
}

/** Where a menu opens: at the pointer, or, asked for by key, in the middle of what has the focus. */
function placeOfPress({ clientX, clientY, target }: PressPlace): MenuPlace {
  if (clientX !== 0 || clientY !== 0 || !(target instanceof Element)) return { x: clientX, y: clientY };
  const { left, top, width, height } = target.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
