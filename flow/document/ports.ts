import type * as z from 'zod';
import type { EffectClass, EffectSpec, NodeCard, Port, PortsSpec, portsCount, portsEach } from './card.ts';
import { effectClass } from './card.ts';
import { isObject } from './json.ts';
import type { Edge, Node } from './workflow.ts';

/** A port by name with what is known of it. */
export interface NamedPort extends Port {
  readonly name: string;
}

/** The input ports of a node, in the order shown. Dynamic ports follow the node's literal params. */
export const inputPorts = (card: NodeCard, node: Node): NamedPort[] =>
  resolvePorts(card.inputs, node.params ?? {}, card);

/** The output ports of a node, in the order shown; `error` is there once its onError setting is `port`. */
export function outputPorts(card: NodeCard, node: Node): NamedPort[] {
  const ports = resolvePorts(card.outputs, node.params ?? {}, card);
  const wantsError = node.settings?.onError === 'port' && !ports.some((port) => port.name === 'error');
  return wantsError ? [...ports, { name: 'error', title: 'error' }] : ports;
}

/** The output ports that people are shown: not one that can never give anything because a param is empty, unless it was wired already. */
export const shownOutputs = (card: NodeCard, node: Node, edges: readonly Edge[]): NamedPort[] =>
  outputPorts(card, node).filter(({ name, shownWith }) => {
    const value = shownWith === undefined ? true : (node.params?.[shownWith] ?? card.defaults[shownWith] ?? '');
    return value !== '' || endsFrom(edges).has(`${node.key}.${name}`);
  });

/** Where edges begin, as they are written; kept by the list, which is never changed. */
function endsFrom(edges: readonly Edge[]): ReadonlySet<string> {
  const known = endsKnown.get(edges) ?? new Set(edges.map(({ from }) => from));
  endsKnown.set(edges, known);
  return known;
}

const endsKnown = new WeakMap<readonly Edge[], ReadonlySet<string>>();

/** Splits `key.port`; without a port it is undefined and stands for the node's first. */
export function splitEnd(end: string): { key: string; port: string | undefined } {
  const dot = end.indexOf('.');
  return dot < 0 ? { key: end, port: undefined } : { key: end.slice(0, dot), port: end.slice(dot + 1) };
}

/** The effect class of a node; a param that decides it by expression counts as the worst it could be. A switch named by `unless` makes it idempotent. */
export function effectOf(
  spec: EffectSpec,
  params: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>> = {},
): EffectClass {
  if (typeof spec === 'string') return spec;
  if (typeof spec['unless'] === 'string' && params[spec['unless']] === true) return 'idempotent';
  const value = params[spec.by] ?? defaults[spec.by];
  if (typeof value === 'string' && value.includes('{{')) return 'effect';
  const named = typeof value === 'string' && !['by', 'else', 'unless'].includes(value) ? spec[value] : undefined;
  return effectClass.safeParse(named).data ?? spec.else;
}

function resolvePorts(spec: PortsSpec, params: Readonly<Record<string, unknown>>, card: NodeCard): NamedPort[] {
  if (isEach(spec)) return [...eachPorts(spec, { ...card.defaults, ...params }), ...fixedPorts(spec.then ?? {})];
  if (isCount(spec)) {
    const wanted = Number(params[spec.count] ?? card.defaults[spec.count] ?? 2);
    const count = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), 64) : 2;
    return Array.from({ length: count }, (_, index) => ({ name: `${spec.id}${index + 1}` }));
  }
  return fixedPorts(spec).filter(({ when }) => when === undefined || { ...card.defaults, ...params }[when] === true);
}

/** The param that ports are listed or counted by, where they are: it must be known before a run, so it is written and not worked out. */
export const listingParams = (spec: PortsSpec): string[] =>
  isEach(spec) ? [spec.each] : isCount(spec) ? [spec.count] : [];

/** The params that say which ports there are, or which of them are shown. */
export const portParams = (spec: PortsSpec): string[] =>
  isEach(spec) || isCount(spec) ? listingParams(spec) : Object.values(spec).flatMap(({ when }) => when ?? []);

const fixedPorts = (spec: Readonly<Record<string, Port>>): NamedPort[] =>
  Object.entries(spec).map(([name, port]) => ({ name, ...port }));

/** A port for each entry of a list; one that has no name yet goes by its id. */
function eachPorts(spec: Extract<PortsSpec, { each: string }>, params: Readonly<Record<string, unknown>>): NamedPort[] {
  const list = params[spec.each];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (!isObject(entry) || typeof entry[spec.id] !== 'string') return [];
    const title = spec.title === undefined ? undefined : entry[spec.title];
    return [{ name: entry[spec.id] as string, ...(typeof title === 'string' && title.trim() !== '' ? { title } : {}) }];
  });
}

/** A port that happens to be called `count` or `each` is an object. */
const isEach = (spec: PortsSpec): spec is z.infer<typeof portsEach> => 'each' in spec && typeof spec.each === 'string';
const isCount = (spec: PortsSpec): spec is z.infer<typeof portsCount> =>
  'count' in spec && typeof spec.count === 'string';
