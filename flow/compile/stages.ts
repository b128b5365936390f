import { isAmbient } from '../document/powers.ts';
import type { EffectClass } from '../document/card.ts';
import type { Lane } from '../document/workflow.ts';
import type { PlanNode, Stage } from './plan.ts';
import type { Wire } from './wiring.ts';

type Unstaged = Omit<PlanNode, 'stage'>;

/** What stages are cut from: nodes in topological order, their forward edges, and the lanes authors set. */
export interface Cuttable {
  readonly nodes: readonly Unstaged[];
  readonly forward: readonly Wire[];
  readonly lanes: ReadonlyMap<string, Lane>;
}

/**
 * Cuts a graph into stages (E27): only single-parent single-child chains of pure nodes, and pure joins whose parents are
 * one stage, are fused; a loop whose body is pure runs whole in one stage (E7).
 */
export function cut({ nodes, forward, lanes }: Cuttable): Stage[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const parents = Map.groupBy(forward, (wire) => wire.to.node);
  const children = Map.groupBy(forward, (wire) => wire.from.node);
  const inTurns = wholeLoops(nodes, lanes);
  const stages = new Set<{ kind: Stage['kind']; nodes: Unstaged[] }>();
  const stageOf = new Map<string, { kind: Stage['kind']; nodes: Unstaged[] }>();

  const parentStage = (node: Unstaged) => {
    if (!mayFuse(node, lanes)) return undefined;
    const wires = parents.get(node.key) ?? [];
    const from = new Set(wires.map((wire) => stageOf.get(wire.from.node)));
    const [stage] = from;
    if (from.size !== 1 || stage === undefined || stage.kind !== 'nodes') return undefined;
    const parent = byKey.get(wires[0]!.from.node) as Unstaged;
    const isChain = wires.length === 1 && children.get(parent.key)?.length === 1;
    const isJoin = wires.length > 1;
    const isSameTurn = parent.loops.join('/') === node.loops.join('/');
    const isFusable = wires.every((wire) => mayFuse(byKey.get(wire.from.node) as Unstaged, lanes));
    return (isChain || isJoin) && isSameTurn && isFusable ? stage : undefined;
  };

  for (const node of nodes) {
    const loop = node.loops.find((key) => inTurns.has(key));
    const around = loop === undefined ? undefined : stageOf.get(loop);
    const stage = around ?? parentStage(node) ?? newStage(node, inTurns);
    stages.add(stage);
    // A new stage has its node already.
    if (stage.nodes[0] !== node) stage.nodes.push(node);
    stageOf.set(node.key, stage);
  }
  return [...stages].map((stage, index) => asStage(stage, index, lanes));
}

const newStage = (node: Unstaged, inTurns: ReadonlySet<string>): { kind: Stage['kind']; nodes: Unstaged[] } => ({
  kind: inTurns.has(node.key) ? 'turns' : node.mode === 'turn' ? 'loop' : 'nodes',
  nodes: [node],
});

function asStage(
  stage: { kind: Stage['kind']; nodes: Unstaged[] },
  index: number,
  lanes: ReadonlyMap<string, Lane>,
): Stage {
  const lane = lanes.get(stage.nodes[0]!.key);
  return {
    id: `s${index + 1}`,
    kind: stage.kind,
    nodes: stage.nodes.map((node) => node.key),
    effect: stage.nodes.map((node) => node.effect).reduce(worse),
    loops: stage.nodes[0]!.loops,
    ...(lane === undefined ? {} : { lane }),
  };
}

const rank: Record<EffectClass, number> = { pure: 0, idempotent: 1, effect: 2 };
const worse = (a: EffectClass, b: EffectClass) => (rank[a] >= rank[b] ? a : b);

const isPlain = (node: Unstaged, lanes: ReadonlyMap<string, Lane>) =>
  node.disabled ||
  (node.effect === 'pure' &&
    node.retry === undefined &&
    node.timeoutMs === undefined &&
    node.onError === 'stop' &&
    node.needs.every(isAmbient) &&
    !lanes.has(node.key));

const mayFuse = (node: Unstaged, lanes: ReadonlyMap<string, Lane>) => node.mode !== 'turn' && isPlain(node, lanes);

/** Whether a node may be in a body that runs whole in one stage. */
const isInner = (node: Unstaged, lanes: ReadonlyMap<string, Lane>) =>
  isPlain(node, lanes) && node.role !== 'respond' && node.role !== 'stop';

/** Loops whose node and whole body are plain and pure, outermost ones only. */
function wholeLoops(nodes: readonly Unstaged[], lanes: ReadonlyMap<string, Lane>): Set<string> {
  const loops = nodes.filter((node) => node.mode === 'turn' && !node.disabled && isPlain(node, lanes));
  const filled = new Set(nodes.flatMap((node) => node.loops));
  const broken = new Set(nodes.filter((node) => !isInner(node, lanes)).flatMap((node) => node.loops));
  const whole = loops.filter(({ key }) => filled.has(key) && !broken.has(key));
  const keys = new Set(whole.map((loop) => loop.key));
  return new Set(whole.filter((loop) => !loop.loops.some((outer) => keys.has(outer))).map((loop) => loop.key));
}
