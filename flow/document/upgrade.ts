import { isObject } from './json.ts';
import { freshKey } from './keys.ts';
import type { Issue, Node } from './workflow.ts';

/** The number of the format that this build writes; documents carry it as `heddle`. */
export const currentFormat = 1;

/** One step of the document's format: from the number it stands under to the next. Takes JSON as it comes and never throws. */
export type FormatStep = (document: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** Every step, by the format it starts from. A step stays for ever, with an example kept in the test. */
export const formatSteps: Readonly<Record<number, FormatStep>> = { 0: fromSketch };

/** Carries a document of any known format to the current one; what is not ours or is newer than this build is an Issue. */
export function upgradeDocument(document: unknown): { value: unknown } | { issue: Issue } {
  if (!isObject(document)) return { issue: notOurs('The document is not an object.') };
  const number = formatOf(document);
  if (number === undefined && isOfN8n(document)) return { issue: ofN8n };
  if (number === undefined) return { issue: notOurs('This is not a workflow of Heddle: "heddle": 1 is missing.') };
  if (number > currentFormat) return { issue: newer(number) };
  let value: Readonly<Record<string, unknown>> = document;
  for (let format = number; format < currentFormat; format++) {
    value = { ...formatSteps[format]!(value), heddle: format + 1 };
  }
  return { value };
}

function formatOf(document: Readonly<Record<string, unknown>>): number | undefined {
  const number = document['heddle'];
  if (Number.isInteger(number) && Number(number) >= 0) return Number(number);
  return number === undefined && isSketch(document) ? 0 : undefined;
}

const isSketch = ({ nodes, edges }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(nodes) &&
  nodes.every((node) => isObject(node) && 'kind' in node && 'id' in node) &&
  nodes.length > 0 &&
  Array.isArray(edges);

/** As n8n exports them: nodes with `typeVersion`, and `connections` by the name of a node. */
const isOfN8n = ({ nodes, connections }: Readonly<Record<string, unknown>>): boolean =>
  Array.isArray(nodes) && isObject(connections) && nodes.every((node) => isObject(node) && 'type' in node);

/**
 * Format 0, the trial's: nodes `{id, kind: trigger | code | http, label, code, position}` and edges `{id, source, target}`,
 * without a number and without keys. Ids become keys, labels titles, and the three kinds their node types.
 */
function fromSketch(document: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const nodes = listOf(document['nodes']);
  const keys = new Map<unknown, string>();
  for (const { id } of nodes) keys.set(id, freshKey(String(id), new Set(keys.values())));
  const { nodes: _nodes, edges: _edges, ...rest } = document;
  return {
    name: 'Untitled',
    ...rest,
    nodes: nodes.map((node) => sketchedNode(node, keys.get(node['id']) ?? 'node')),
    edges: listOf(document['edges']).map(({ source, target }) => ({ from: keys.get(source), to: keys.get(target) })),
  };
}

const sketchTypes: Readonly<Record<string, string>> = {
  trigger: 'start.manual',
  code: 'code.javascript',
  http: 'connect.http-request',
};

function sketchedNode(node: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> {
  const { kind, label, code, position } = node;
  const point = isObject(position) ? [position['x'], position['y']] : undefined;
  const type = typeof kind === 'string' && Object.hasOwn(sketchTypes, kind) ? sketchTypes[kind] : kind;
  return {
    key,
    type,
    ...(typeof label === 'string' && label !== '' ? { title: label } : {}),
    ...(point === undefined ? {} : { at: point }),
    ...(code === undefined ? {} : { params: { code } }),
  };
}

const listOf = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter((entry) => isObject(entry)) : [];

const notOurs = (message: string): Issue => ({
  level: 'error',
  code: 'document.not-heddle',
  where: {},
  message,
  mend: 'Choose a JSON file that Heddle exported.',
});

const ofN8n: Issue = {
  level: 'error',
  code: 'document.not-heddle',
  where: {},
  message: 'This is a workflow of n8n. Heddle cannot import those yet; it will in a later version.',
  mend: 'Choose a JSON file that Heddle exported, or build the workflow anew from the gallery.',
};

const newer = (format: number): Issue => ({
  level: 'error',
  code: 'document.newer-format',
  where: {},
  message: `The document has format ${format}; this build reads up to ${currentFormat}.`,
  mend: 'Update Heddle, or export the workflow again from an instance as old as this one.',
});

/** Carries a node's params from a version of its type to the next one. */
export interface NodeUpgrade {
  readonly type: string;
  readonly from: number;
  readonly params: (params: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/**
 * A node in the newest version that the upgrades lead to, for a person who asks for it: nothing upgrades by itself, a
 * document without it runs its old version for ever. A node without a version is in the newest already.
 */
export function upgradeNode(node: Node, upgrades: readonly NodeUpgrade[]): Node {
  let upgraded = node;
  for (;;) {
    const { version, params = {} } = upgraded;
    const step = upgrades.find(({ type, from }) => type === node.type && from === version);
    if (!step || version === undefined) return upgraded;
    upgraded = { ...upgraded, version: version + 1, params: { ...step.params(params) } };
  }
}
