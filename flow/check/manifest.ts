import * as z from 'zod';
import { wire } from '../compile/wiring.ts';
import type { Plan, PlanNode } from '../compile/plan.ts';
import { isObject } from '../document/json.ts';
import { quote } from '../document/quote.ts';
import { isAmbient, power, powers as table } from '../document/powers.ts';
import type { Catalogue, NodeCard } from '../document/card.ts';
import type { Workflow } from '../document/workflow.ts';
import { workflowCall } from '../document/workflow-call.ts';
import { callsOf } from './calls.ts';
import { controlsIn, placesOf } from './params/places.ts';

/** Where a node may reach: `api.example.com`, `127.0.0.1:4801` where a port is written, or any public host. */
export type Host = string;
export const anyHost = '*';

/** What one node asks for: its powers, and what they reach. */
const nodePowers = z.object({
  node: z.string(),
  type: z.string(),
  powers: z.array(power),
  hosts: z.array(z.string()),
  credentials: z.array(z.string()),
  workflows: z.array(z.string()),
  /** A redirect of its GET or HEAD may lead to another public host; what was published before this was known stays within its hosts. */
  leads: z.boolean().optional(),
});
export type NodePowers = z.infer<typeof nodePowers>;

/**
 * What publishing grants (E31): enforced at every use of a power, and narrowed by policy, never widened. `*` stands where
 * an expression decides: any public host, any credential, any workflow of the workspace.
 */
export const manifest = z.object({
  powers: z.array(power),
  hosts: z.array(z.string()),
  credentials: z.array(z.string()),
  workflows: z.array(z.string()),
  nodes: z.array(nodePowers),
  /** What it calls, for who looks for circles of workflows; left out where that is nothing, and of what was published before this was kept. */
  calls: z.array(workflowCall).optional(),
});
export type Manifest = z.infer<typeof manifest>;

/** Works out what a document asks for. Disabled nodes ask for nothing; powers that stay inside the process need no grant. */
export function manifestOf(document: Workflow, catalogue: Catalogue): Manifest {
  const { wiring } = wire(document, catalogue);
  const asked = together(
    [...wiring.nodes.values()]
      .filter(({ node }) => node.settings?.disabled !== true)
      .map(({ node, card }) => powersOf(node, card)),
  );
  const calls = callsOf(wiring);
  return calls.length === 0 ? asked : { ...asked, calls };
}

/** The same of a plan, for runs of what was never published: a plan has the params that powers are asked by. Others may have their turn after each node. */
export function* manifestOfPlan(
  plan: Plan,
  cardOf: (node: PlanNode) => NodeCard | undefined,
): Generator<void, Manifest> {
  const asked: NodePowers[] = [];
  for (const node of Object.values(plan.nodes)) {
    const card = node.disabled ? undefined : cardOf(node);
    if (card) asked.push(powersOf(node, card));
    yield;
  }
  return together(asked);
}

function together(asked: readonly NodePowers[]): Manifest {
  const nodes = asked.filter(({ powers, credentials }) => powers.length > 0 || credentials.length > 0);
  const all = <Value extends string>(values: readonly (readonly Value[])[]): Value[] =>
    [...new Set(values.flat())].toSorted();
  return {
    powers: all(nodes.map(({ powers }) => powers)),
    hosts: all(nodes.map(({ hosts }) => hosts)),
    credentials: all(nodes.map(({ credentials }) => credentials)),
    workflows: all(nodes.map(({ workflows }) => workflows)),
    nodes,
  };
}

type Asking = { readonly key: string; readonly params?: Readonly<Record<string, unknown>> | undefined };

function powersOf(node: Asking, card: NodeCard): NodePowers {
  const params = { ...card.defaults, ...node.params };
  const controls = controlsIn(card.params);
  const isNaming = controls.has('credential') || controls.has('workflow');
  const places = isNaming ? placesOf(card.params, params) : [];
  const named = (ui: string) =>
    places.flatMap(({ ui: control, value }) =>
      control === ui && typeof value === 'string' && value !== '' ? [value.includes('{{') ? '*' : value] : [],
    );
  const powers = card.needs.filter((power) => !isAmbient(power) && !isIdle(card.idle?.[power], params));
  return {
    node: node.key,
    type: card.type,
    powers,
    hosts: powers.includes('http') ? hostsOf(params) : [],
    credentials: [...new Set(named('credential'))],
    workflows: powers.includes('workflow') ? [...new Set(named('workflow'))] : [],
    ...(powers.includes('http') && mayLead(card, params) ? { leads: true } : {}),
  };
}

/** Whether the params as they are written leave a power unused; one that an expression decides may use it. */
function isIdle(
  when: Readonly<Record<string, readonly unknown[]>> | undefined,
  params: Readonly<Record<string, unknown>>,
) {
  return when !== undefined && Object.entries(when).every(([name, values]) => values.includes(params[name] ?? null));
}

/** Whether a node asks that redirects may lead it away from its hosts: it must be able to, want to, and be able to send a GET or HEAD. */
function mayLead({ leads }: NodeCard, params: Readonly<Record<string, unknown>>): boolean {
  const { method = 'GET', redirects } = params;
  if (leads === undefined || params[leads] !== true || redirects === 0) return false;
  return typeof method !== 'string' || method.includes('{{') || /^(GET|HEAD)$/i.test(method);
}

/** The hosts of a node's addresses; a node that may call out and names no address may call any public host. */
function hostsOf(params: Readonly<Record<string, unknown>>): Host[] {
  const hosts = addresses(params).map(hostOf);
  return hosts.length === 0 ? [anyHost] : [...new Set(hosts)];
}

/** Whether a param of this name holds an address, or a list of them. */
export const isAddress = (name: string): boolean => /^(url|urls|address|endpoint|baseUrl|checkUrl)$/i.test(name);

function addresses(params: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries(params).flatMap(([name, value]): unknown[] => {
    if (!isAddress(name)) return [];
    return Array.isArray(value) ? value.map((entry: unknown) => (isObject(entry) ? entry['url'] : entry)) : [value];
  });
}

/**
 * The host of an address, when it is written out whole. Anything that two readers of addresses could take for different
 * hosts (a user before @, a backslash, letters beyond ASCII, an expression inside the host) counts as any host.
 */
const written = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(:\d{1,5})?(?=[/?#]|$)/i;

export function hostOf(address: unknown): Host {
  const parts = typeof address === 'string' ? written.exec(address) : null;
  return parts ? `${parts[1]}${parts[2] ?? ''}`.toLowerCase() : anyHost;
}

/** What the nodes of a document are called, by key, in quotation marks: as their cards on the canvas say it. */
export function namesIn({ nodes }: Workflow, catalogue: Catalogue): (key: string) => string {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  return (key) => {
    const node = byKey.get(key);
    return node ? quote(node.title ?? catalogue(node.type, node.version)?.title ?? key) : key;
  };
}

/** The manifest as a person would say it, a sentence for each thing that publishing grants. */
export function manifestWords(
  { hosts, credentials, workflows, powers, nodes }: Manifest,
  nameOf: (key: string) => string = (key) => key,
): string[] {
  const open = nodes.filter((node) => node.hosts.includes(anyHost)).map(({ node }) => nameOf(node));
  const led = nodes.filter((node) => node.leads && !node.hosts.includes(anyHost)).map(({ node }) => nameOf(node));
  const listed = (list: readonly string[]) => list.filter((name) => name !== '*').join(', ');
  return [
    ...(listed(hosts) === '' ? [] : [`May call ${listed(hosts)}.`]),
    ...(open.length === 0
      ? []
      : [`May call any public host, because ${open.join(', ')} works the address out while it runs.`]),
    ...(led.length === 0
      ? []
      : [
          `A redirect may lead ${led.join(', ')} to another public host, for GET and HEAD only, without credentials and cookies.`,
        ]),
    ...(listed(credentials) === '' ? [] : [`Uses the connections ${listed(credentials)}.`]),
    ...(credentials.includes('*') ? ['May use any connection of the workspace.'] : []),
    ...(listed(workflows) === '' ? [] : [`Runs the workflows ${listed(workflows)}.`]),
    ...(workflows.includes('*') ? ['May run any published workflow of the workspace.'] : []),
    ...powers.flatMap((power) => table[power].words ?? []),
  ];
}
