import { canonical } from '../document/canonical.ts';
import type { Catalogue, NodeCard } from '../document/card.ts';
import { durationMs } from '../document/duration.ts';
import { effectOf } from '../document/ports.ts';
import { sha256Hex } from '../document/hashing.ts';
import { defaultZone } from '../document/workflow.ts';
import type { Issue, Lane, Retry, Workflow } from '../document/workflow.ts';
import { linksOf } from './links.ts';
import { loopsAround, order } from './order.ts';
import { currentEngine } from './plan.ts';
import type { Plan, PlanInput, PlanNode, PlanRetry } from './plan.ts';
import { cut } from './stages.ts';
import { wire } from './wiring.ts';
import type { Wire, Wired, Wiring } from './wiring.ts';

export type Compiled =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Compiles a document to its Plan. What cannot be ordered or wired comes back as Issues; what is merely doubtful is the
 * business of `check`. The same meaning always gives the same fingerprint, whatever the layout.
 */
export function compile(document: Workflow, catalogue: Catalogue): Compiled {
  const { wiring, issues: wireIssues } = wire(document, catalogue);
  const { keys, issues: orderIssues } = order(wiring);
  const { loops, issues: loopIssues } = loopsAround(wiring);
  const issues = [...wireIssues, ...orderIssues, ...loopIssues];
  if (issues.length > 0) return { ok: false, issues };

  const links = linksOf(wiring, loops);
  const into = portsFed(wiring);
  const nodes = keys.map((key) => planNode(wiring, key, { into, loops: loops.get(key) ?? [], link: links.get(key) }));
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const lanes = new Map<string, Lane>();
  for (const [key, { node }] of wiring.nodes) if (node.settings?.lane) lanes.set(key, node.settings.lane);
  const stages = cut({ nodes, forward: wiring.forward, lanes });
  const stageOf = new Map(stages.flatMap((stage) => stage.nodes.map((key) => [key, stage.id] as const)));
  const body = {
    heddle: 1 as const,
    engine: currentEngine,
    // Document order: it is the order of a run's output, and what a person sees.
    nodes: Object.fromEntries(
      document.nodes.map(({ key }) => [
        key,
        { ...(byKey.get(key) as Omit<PlanNode, 'stage'>), stage: stageOf.get(key) as string },
      ]),
    ),
    stages,
    starts: nodes.filter((node) => node.role === 'start').map((node) => node.key),
    settings: planSettings(document),
  };
  return { ok: true, plan: { ...body, fingerprint: sha256Hex(canonical(body)) } };
}

type Ends = Map<string, Wire['from'][]>;

/** Where the items of each port come from, and which parts it has: by `key port`, in the order of edges. */
type PortsFed = Readonly<Record<'forward' | 'back' | 'parts', Ends>>;

function portsFed({ forward, back, parts }: Wiring): PortsFed {
  const fed = (wires: readonly Wire[]): Ends => {
    const ends: Ends = new Map();
    for (const { from, to } of wires) {
      const known = ends.get(portName(to));
      if (known) known.push(from);
      else ends.set(portName(to), [from]);
    }
    return ends;
  };
  return { forward: fed(forward), back: fed(back), parts: fed(parts) };
}

const portName = ({ node, port }: Wire['to']): string => `${node} ${port}`;

function planNode(
  wiring: Wiring,
  key: string,
  { into, loops, link }: { into: PortsFed; loops: string[]; link: string | undefined },
): Omit<PlanNode, 'stage'> {
  const { node, card, inputs, outputs } = wiring.nodes.get(key) as Wired;
  const settings = node.settings ?? {};
  const params = { ...card.defaults, ...node.params };
  const retry = settings.retry && settings.retry.times > 0 ? planRetry(settings.retry) : undefined;
  const timeoutMs = settings.timeout === undefined ? undefined : durationMs(settings.timeout);
  return {
    key,
    type: node.type,
    version: card.version,
    ...(card.content === undefined ? {} : { content: card.content }),
    params,
    mode: card.mode,
    ...(card.role === undefined ? {} : { role: card.role }),
    effect: effectOf(card.effect, params, card.defaults),
    needs: card.needs,
    inputs: inputs
      .filter((port) => port.kind !== 'part')
      .map((port): PlanInput => planInput(into, card, { node: key, port: port.name }, port.take ?? 'all')),
    outputs: outputs.filter((port) => port.kind !== 'part').map((port) => port.name),
    parts: Object.fromEntries(
      inputs
        .filter((port) => port.kind === 'part')
        .map((port) => [
          port.name,
          (into.parts.get(portName({ node: key, port: port.name })) ?? []).map(({ node: part }) => part),
        ]),
    ),
    disabled: settings.disabled ?? false,
    onError: settings.onError ?? 'stop',
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    runOnEmpty: settings.runOnEmpty ?? card.runOnEmpty,
    inDoubt: settings.inDoubt ?? 'ask',
    ...(settings.inDoubt === 'verify' && card.reconciles ? { verifies: true as const } : {}),
    concurrency: settings.concurrency ?? 1,
    loops,
    ...(link === undefined ? {} : { link }),
  };
}

function planInput(into: PortsFed, card: NodeCard, to: Wire['to'], take: 'all' | 'first'): PlanInput {
  const { port } = to;
  const back = into.back.get(portName(to)) ?? [];
  return back.length > 0 || (port === 'next' && card.mode === 'turn')
    ? { port, take, back: true, from: [...back] }
    : { port, take, back: false, from: [...(into.forward.get(portName(to)) ?? [])] };
}

const planRetry = (retry: Retry): PlanRetry => ({
  times: retry.times,
  waitMs: (retry.wait === undefined ? undefined : durationMs(retry.wait)) ?? 1_000,
  backoff: retry.backoff ?? 'fixed',
  ...(retry.on === undefined ? {} : { on: retry.on }),
});

function planSettings({ settings = {} }: Workflow): Plan['settings'] {
  const timeoutMs = settings.timeout === undefined ? undefined : durationMs(settings.timeout);
  const replyWithinMs = (settings.replyWithin === undefined ? undefined : durationMs(settings.replyWithin)) ?? 30_000;
  return {
    timezone: settings.timezone ?? defaultZone,
    replyWithinMs: Math.min(replyWithinMs, 300_000),
    ...(settings.lane === undefined ? {} : { lane: settings.lane }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(settings.iterations === 'data' ? { iterations: settings.iterations } : {}),
  };
}
