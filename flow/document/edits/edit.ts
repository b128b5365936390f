import * as z from 'zod';
import {
  about,
  edge,
  group,
  node,
  nodeKey,
  nodeSettings,
  note,
  pinned,
  point,
  workflowSettings,
  workflowTest,
} from '../workflow.ts';

const index = z.int().min(0);
const params = z.record(z.string(), z.unknown());
const one = <Do extends string, Shape extends z.ZodRawShape>(name: Do, shape: Shape) =>
  z.strictObject({ do: z.literal(name), ...shape });

/** Every edit that stands alone. What is left out of a `set-…` is taken away; an index left out is the end. */
const single = [
  one('add-node', { node, index: index.optional() }),
  /** Takes the node's edges, pin and places in groups along. */
  one('remove-node', { key: nodeKey }),
  /** Rewrites every reference: edges, groups, pins, tests, and expressions by their syntax tree. */
  one('rename-key', { key: nodeKey, to: nodeKey }),
  /** Puts one node in the place of another and leaves what points to it alone. */
  one('replace-node', { key: nodeKey, node }),
  one('set-title', { key: nodeKey, title: node.shape.title }),
  one('set-params', { key: nodeKey, params: params.optional() }),
  one('set-settings', { key: nodeKey, settings: nodeSettings.optional() }),
  one('set-node-note', { key: nodeKey, note: node.shape.note }),
  /** Nodes and notes dragged together. */
  one('move', {
    nodes: z.array(z.strictObject({ key: nodeKey, at: point.optional() })).optional(),
    notes: z.array(z.strictObject({ id: z.string(), at: point.optional() })).optional(),
  }),
  one('connect', { edge, index: index.optional() }),
  one('disconnect', { edge }),
  one('replace-edges', { edges: z.array(edge) }),
  /** Cuts an edge in two with a new node between; ports left out are the node's first. */
  one('insert-on-edge', { edge, node, input: z.string().optional(), output: z.string().optional() }),
  /** Moves one edge in the author's order, which is the order in which a port joins its lists. */
  one('reorder-edges', { from: index, to: index }),
  one('add-note', { note, index: index.optional() }),
  one('set-note', { note }),
  one('remove-note', { id: z.string() }),
  one('add-group', { group, index: index.optional() }),
  one('set-group', { group }),
  one('remove-group', { id: z.string() }),
  one('set-pin', { key: nodeKey, pinned: pinned.optional() }),
  one('set-name', { name: z.string().min(1).max(200) }),
  one('set-about', { about: about.optional() }),
  one('set-tests', { tests: z.array(workflowTest).optional() }),
  one('set-workflow-settings', { settings: workflowSettings.optional() }),
  /** Adds a piece of a graph; keys and ids that are taken get fresh ones, and the piece's own references follow. */
  one('paste', {
    nodes: z.array(node),
    edges: z.array(edge),
    notes: z.array(note).optional(),
    groups: z.array(group).optional(),
    by: point.optional(),
  }),
] as const;

/** An edit that is not made of others. */
export const singleEdit = z.discriminatedUnion('do', single);
export type SingleEdit = z.infer<typeof singleEdit>;
export type EditOf<Do extends SingleEdit['do']> = Extract<SingleEdit, { do: Do }>;

/** Several edits that a person sees as one: all of them or none, undone together. */
export interface Batch {
  readonly do: 'batch';
  readonly edits: readonly Edit[];
}

/** A change to a document as data: what the canvas, commands, the server's co-editing and proposals all speak. */
export type Edit = SingleEdit | Batch;

export const edit: z.ZodType<Edit> = z.lazy(() =>
  z.union([singleEdit, z.strictObject({ do: z.literal('batch'), edits: z.array(edit) })]),
);
