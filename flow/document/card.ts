import * as z from 'zod';
import { power } from './powers.ts';

/** How safe a node is to repeat: freely, with the same idempotency key, or never by itself. */
export const effectClass = z.enum(['pure', 'idempotent', 'effect']);
export type EffectClass = z.infer<typeof effectClass>;

/**
 * An effect that depends on a literal param: `{ by: 'method', POST: 'effect', else: 'idempotent' }`. With `unless: 'name'`, that
 * param being true says that the far side honours the key, which makes it idempotent.
 */
export const effectByParam = z.object({ by: z.string(), else: effectClass }).catchall(z.string());
export const effectSpec = z.union([effectClass, effectByParam]);
export type EffectSpec = z.infer<typeof effectSpec>;

/**
 * A port carries items, or wires a part (model, memory, tool, parser) into its owner. `first` takes the first branch that delivers. With `when`
 * it is there only while that literal param is on. With `shownWith` it is always there, and shown while that param has a value or an edge leads from it.
 */
export const port = z.object({
  title: z.string().optional(),
  kind: z.enum(['items', 'part']).optional(),
  take: z.enum(['all', 'first']).optional(),
  when: z.string().optional(),
  shownWith: z.string().optional(),
});
export type Port = z.infer<typeof port>;

/** Ports by name; or one for each entry of a list param (then fixed ones after); or as many as a number param says (`in1`…`inN`). */
export const portsEach = z.object({
  each: z.string(),
  id: z.string(),
  title: z.string().optional(),
  then: z.record(z.string(), port).optional(),
});
export const portsCount = z.object({ count: z.string(), id: z.string() });
export const portsSpec = z.union([portsEach, portsCount, z.record(z.string(), port)]);
export type PortsSpec = z.infer<typeof portsSpec>;

/** What the engine itself does with a node beyond carrying it out. */
export const role = z.enum(['start', 'loop', 'repeat', 'respond', 'stop']);
export type Role = z.infer<typeof role>;

export const family = z.enum(['trigger', 'connector', 'etl', 'rule', 'flow', 'code', 'ai', 'channel', 'data']);
export type Family = z.infer<typeof family>;

/** What the app, the compiler and the checks know of a node: plain data, derived by the kit from the definition. */
export const nodeCard = z.object({
  type: z.string(),
  version: z.int().positive(),
  /** The hash of its definition, where that may change under one version; plans pin it. Nodes of a build lack it. */
  content: z.string().optional(),
  title: z.string(),
  icon: z.string(),
  summary: z.string(),
  family,
  /** One line on the canvas card, a template over the params, as in `{{ method }} {{ url }}`. */
  line: z.string().optional(),
  inputs: portsSpec,
  outputs: portsSpec,
  needs: z.array(power),
  effect: effectSpec,
  mode: z.enum(['each', 'all', 'turn']),
  role: role.optional(),
  /** JSON Schema (draft 2020-12, input side) of `stored` params: each non-literal field also takes a template. */
  params: z.record(z.string(), z.unknown()),
  defaults: z.record(z.string(), z.unknown()),
  checks: z.array(z.object({ when: z.unknown(), message: z.string(), param: z.string().optional() })),
  runOnEmpty: z.boolean(),
  /** It sends each item one way: a port that no item took was not taken, and what hangs on it is skipped, not run on empty. */
  branches: z.boolean().optional(),
  /** The switch among its literal params that makes it wait until its link is called (E13). */
  callable: z.string().optional(),
  /** The switch among its literal params that lets a redirect of its GET or HEAD lead to another public host (E31). */
  leads: z.string().optional(),
  /**
   * When a power of `needs` is not used: while each of these params has one of these values as written, null standing for one that is left out.
   * Publishing then does not grant it (E31).
   */
  idle: z.partialRecord(power, z.record(z.string(), z.array(z.union([z.string(), z.null()])))).optional(),
  /** It can ask the service whether something in doubt was done. */
  reconciles: z.literal(true).optional(),
  asTool: z.boolean(),
  examples: z.array(z.object({ name: z.string(), params: z.unknown(), given: z.unknown(), gives: z.unknown() })),
});
export type NodeCard = z.infer<typeof nodeCard>;

/** Finds the card of a node type; without a version, the newest. Undefined when this build lacks it. */
export type Catalogue = (type: string, version?: number) => NodeCard | undefined;
