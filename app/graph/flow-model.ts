import type { Edge as FlowEdge, Node as FlowNode } from '@xyflow/react';
import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import { inputPorts, outputPorts, splitEnd } from '../../flow/document/ports.ts';
import type { Issue, Node, Note, Workflow } from '../../flow/document/workflow.ts';
import type { EdgeState, NodeState, RunPicture } from './picture.ts';
import { faceOf, noteSize } from './geometry.ts';
import type { Face } from './geometry.ts';
import { summaryOf } from './lines.ts';
import type { LineOf } from './lines.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { edgeId } from './selection.ts';
import type { Selection } from './selection.ts';
import { placesOf } from './placement.ts';
import { heightsBack } from './way-back.ts';

/** What a card on the canvas shows. */
export interface CardData extends Record<string, unknown> {
  readonly node: Node;
  readonly card: NodeCard | undefined;
  readonly title: string;
  readonly line: string;
  readonly face: Face;
  readonly state: NodeState | undefined;
  readonly issue: Issue | undefined;
  /** What is wrong and is no news yet: a small sign while nobody is at work there. */
  readonly quiet: Issue | undefined;
  /** It was added and waits for what it must be told. */
  readonly isUnready: boolean;
  readonly isPinned: boolean;
  /** It is pinned, and data of a run is used instead. */
  readonly isPinUnused: boolean;
  readonly isReadOnly: boolean;
}

export type CardNode = FlowNode<CardData, 'card'>;
export type NoteNode = FlowNode<{ note: Note; isReadOnly: boolean }, 'note'>;
export type CanvasNode = CardNode | NoteNode;
export type ThreadEdge = FlowEdge<
  {
    edge: Workflow['edges'][number];
    state: EdgeState | undefined;
    /** Where an edge that leads back runs. */
    height: number | undefined;
    isReadOnly: boolean;
  },
  'thread'
>;

/** What is drawn: a document with what is known of it. */
export interface Scene {
  readonly document: Workflow;
  readonly catalogue: Catalogue;
  readonly selection: Selection;
  readonly issues: ReadonlyMap<string, readonly Issue[]>;
  /** Those that are no news while the graph is drawn. */
  readonly quiet?: ReadonlyMap<string, readonly Issue[]>;
  /** Nodes that only need setup. */
  readonly unready?: ReadonlySet<string>;
  /** Nodes of which data of a run is used, not what is pinned. */
  readonly unusedPins?: ReadonlySet<string>;
  readonly picture: RunPicture | undefined;
  readonly isReadOnly: boolean;
}

/** The document's nodes and notes as React Flow draws them. Notes lie under cards. */
export function canvasNodes(scene: Scene, lineOf: LineOf = summaryOf): CanvasNode[] {
  const places = placesOf(scene.document, scene.catalogue);
  const notes = (scene.document.notes ?? []).map((note): NoteNode => noteNode(scene, note));
  const cards = scene.document.nodes.map((node): CardNode => {
    const [x, y] = places.get(node.key) ?? [0, 0];
    const data = cardData(scene, node, lineOf);
    return {
      id: node.key,
      type: 'card',
      position: { x, y },
      data,
      selected: scene.selection.nodes.has(node.key),
      ariaLabel: spoken(data),
      // A chosen edge lies between edges and cards: its ends are held before those of the others.
      zIndex: 2,
    };
  });
  return [...notes, ...cards];
}

function noteNode({ selection, isReadOnly }: Scene, note: Note): NoteNode {
  const [x, y] = note.at ?? [0, 0];
  const [width, height] = note.size ?? noteSize;
  return {
    id: `note:${note.id}`,
    type: 'note',
    position: { x, y },
    width,
    height,
    data: { note, isReadOnly },
    selected: selection.notes.has(note.id),
    ariaLabel: `Note: ${note.text.slice(0, 80)}`,
    zIndex: -1,
  };
}

function cardData(
  { document, catalogue, issues, quiet, unready, unusedPins, picture, isReadOnly }: Scene,
  node: Node,
  lineOf: LineOf,
): CardData {
  const card = catalogue(node.type, node.version);
  const issue = worst(issues.get(node.key) ?? []);
  return {
    node,
    card,
    title: nodeName(catalogue, node),
    line: card ? lineOf(card, node) : `${node.type} is not installed`,
    face: faceOf(card, node, document.edges),
    state: picture?.nodes.get(node.key),
    issue,
    quiet: issue ? undefined : worst(quiet?.get(node.key) ?? []),
    // What is wrong says more than that something is to be done.
    isUnready: issue === undefined && (unready?.has(node.key) ?? false),
    isPinned: document.pins?.[node.key] !== undefined && !unusedPins?.has(node.key),
    isPinUnused: document.pins?.[node.key] !== undefined && (unusedPins?.has(node.key) ?? false),
    isReadOnly,
  };
}

/** The one that is told where there is room for one; hints are not. */
export const worst = (issues: readonly Issue[]): Issue | undefined =>
  issues.find(({ level }) => level === 'error') ?? issues.find(({ level }) => level === 'warning');

const stateWords: Readonly<Record<NodeState['mark'], string>> = {
  running: 'running',
  ok: 'finished',
  erred: 'finished with errors',
  failed: 'failed',
  waiting: 'waiting',
  doubt: 'in doubt',
  skipped: 'skipped',
  queued: 'queued',
};

function spoken({ title, line, state, issue, quiet, isUnready, isPinUnused, node }: CardData): string {
  const said = [
    title,
    line,
    state && (state.isEdited ? state.foot : `${stateWords[state.mark]}, ${state.foot}`),
    (issue ?? quiet)?.message,
    isUnready && 'needs setup',
    isPinUnused && 'pin not used',
  ];
  return [...said, node.settings?.disabled && 'disabled'].filter(Boolean).join(', ');
}

/** The document's edges as React Flow draws them, each end with its port by name. */
export function canvasEdges({ document, catalogue, selection, picture, isReadOnly }: Scene): ThreadEdge[] {
  const nodes = new Map(document.nodes.map((node) => [node.key, node]));
  const seen = new Set<string>();
  const heights = heightsBack(document, catalogue);
  return document.edges.flatMap((edge): ThreadEdge[] => {
    const [from, to] = [splitEnd(edge.from), splitEnd(edge.to)];
    const [source, target] = [nodes.get(from.key), nodes.get(to.key)];
    const id = edgeId(edge);
    if (!source || !target || seen.has(id)) return [];
    seen.add(id);
    return [
      {
        id,
        type: 'thread',
        source: from.key,
        target: to.key,
        sourceHandle: from.port ?? firstPort(catalogue, source, outputPorts),
        targetHandle: to.port ?? firstPort(catalogue, target, inputPorts),
        selected: selection.edges.has(id),
        ...(selection.edges.has(id) ? { zIndex: 1 } : {}),
        data: { edge, state: picture?.edges.get(id), height: heights.get(edge), isReadOnly },
        ariaLabel: `From ${endWords(catalogue, source, from.port, outputPorts)} to ${endWords(catalogue, target, to.port, inputPorts)}`,
      },
    ];
  });
}

/** An end of an edge: two edges of one node are told apart by their ports, where it has several. */
function endWords(catalogue: Catalogue, node: Node, port: string | undefined, ports: typeof inputPorts): string {
  const card = catalogue(node.type, node.version);
  const named = card ? ports(card, node) : [];
  const at = port === undefined ? named[0] : named.find(({ name }) => name === port);
  const name = nodeName(catalogue, node);
  return named.length > 1 && at ? `${name} (${at.title ?? at.name})` : name;
}

function firstPort(catalogue: Catalogue, node: Node, ports: typeof inputPorts): string {
  const card = catalogue(node.type, node.version);
  return (card && ports(card, node)[0]?.name) ?? '';
}

/**
 * Keeps what React Flow has measured, and the same objects where nothing changed: it looks at nodes by identity, so that of 300
 * only those that changed are drawn.
 */
export function keptNodes(before: readonly CanvasNode[], now: readonly CanvasNode[]): CanvasNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  return now.map((node) => {
    const was = old.get(node.id);
    if (!was || was.type !== node.type) return node;
    const data = sameData(was.data, node.data) ? was.data : node.data;
    if (data === was.data && looksSame(was, node)) return was;
    // Both are of one type, which the union forgets when they are spread.
    return { ...was, ...node, data } as CanvasNode;
  });
}

const looksSame = (was: CanvasNode, now: CanvasNode): boolean =>
  was.selected === now.selected &&
  was.position.x === now.position.x &&
  was.position.y === now.position.y &&
  was.ariaLabel === now.ariaLabel &&
  was.width === now.width &&
  was.height === now.height;

/** The edges that were there, where nothing changed. */
export function keptEdges(before: readonly ThreadEdge[], now: readonly ThreadEdge[]): ThreadEdge[] {
  const old = new Map(before.map((edge) => [edge.id, edge]));
  return now.map((edge) => {
    const was = old.get(edge.id);
    const isSame =
      was?.data !== undefined &&
      edge.data !== undefined &&
      was.selected === edge.selected &&
      was.sourceHandle === edge.sourceHandle &&
      was.targetHandle === edge.targetHandle &&
      was.ariaLabel === edge.ariaLabel &&
      sameData(was.data, edge.data);
    return isSame ? was : edge;
  });
}

const deep = new Set(['face', 'state']);

function sameData(was: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(now).every(
    (name) => was[name] === now[name] || (deep.has(name) && JSON.stringify(was[name]) === JSON.stringify(now[name])),
  );
}
