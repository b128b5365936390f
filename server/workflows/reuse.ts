import type { Plan, PlanNode } from '../../flow/compile/plan.ts';
import { canonical } from '../../flow/document/canonical.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { wasLeft } from '../../flow/facts/was-left.ts';
import { trace } from '../../flow/facts/trace.ts';
import type { Step } from '../../flow/facts/step.ts';

/** A run that was carried out, for what its nodes gave. */
export interface Earlier {
  readonly plan: Plan;
  readonly facts: readonly StoredFact[];
}

/** Outputs by node and port, as a run is given them. */
export type Pins = Record<string, Record<string, unknown[]>>;

/**
 * What nodes gave in an earlier run, to stand for them in a run up to the node `upTo`: of every node that is the same in both plans, with
 * everything before it the same as well. The rest is carried out: what changed, what did not run, what is in one loop with `upTo`. `start` is
 * where the new run begins: what another start led to tells nothing. Ancestors of items are not kept.
 */
export function reusedPins(plan: Plan, earlier: Earlier, { start, upTo }: { start: string; upTo: string }): Pins {
  const begun = earlier.facts.find((fact) => fact.type === 'run.started');
  if (begun?.data.start !== start) return {};
  const around = new Set(plan.nodes[upTo]?.loops);
  const isValid = validity(plan, earlier.plan);
  const pins: Pins = {};
  for (const step of trace(earlier.plan, earlier.facts)) {
    const { key, path, status } = step;
    const node = plan.nodes[key];
    const stands = status === 'finished' && path === '' && node !== undefined && node.loops.length === 0;
    if (!stands || key === upTo || key === start || around.has(key) || !isValid(key)) continue;
    pins[key] = outputOf(step);
  }
  return pins;
}

/**
 * What stands for the nodes that are pinned in a run that begins as an earlier one did: what that run had of them, in place of their pins. So none
 * of them does anything, as ever; their pins stand where that run had nothing. Its start is given its input and needs nothing.
 */
export function insteadOfPins(earlier: Earlier, pins: Pins): Pins {
  const begun = earlier.facts.find((fact) => fact.type === 'run.started');
  const instead = new Map(Object.entries(pins).filter(([key]) => key !== begun?.data.start));
  for (const step of trace(earlier.plan, earlier.facts))
    if (instead.has(step.key) && wasLeft(step)) instead.set(step.key, outputOf(step));
  return Object.fromEntries(instead);
}

const outputOf = ({ output }: Pick<Step, 'output'>): Record<string, unknown[]> =>
  Object.fromEntries(Object.entries(output).map(([port, items]) => [port, [...items]]));

/** Whether a node and all that leads to it are the same in both plans. On the way round a loop a node counts as what the rest makes of it. */
function validity(plan: Plan, other: Plan): (key: string) => boolean {
  const known = new Map<string, boolean>();
  const isValid = (key: string): boolean => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const [node, twin] = [plan.nodes[key], other.nodes[key]];
    known.set(key, true);
    const valid =
      node !== undefined &&
      twin !== undefined &&
      meaning(node) === meaning(twin) &&
      [...node.inputs.flatMap(({ from }) => from.map((end) => end.node)), ...Object.values(node.parts).flat()].every(
        isValid,
      );
    known.set(key, valid);
    return valid;
  };
  return isValid;
}

/** What a node does and where it gets its items from; which stage it was fused into is the plan's affair. */
function meaning(node: PlanNode): string {
  const { stage: _fused, ...rest } = node;
  return canonical(rest);
}
