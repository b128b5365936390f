import type { Plan, Stage } from './plan.ts';

/** A plan as a person would say it, one line a stage: `s1 hook → price → big (pure)`. */
export const explain = (plan: Plan): string[] =>
  plan.stages.map((stage) => `${stage.id} ${stage.nodes.join(' → ')} (${describe(plan, stage)})`);

function describe(plan: Plan, stage: Stage): string {
  const node = plan.nodes[stage.nodes[0]!]!;
  const words: string[] = [stage.effect];
  if (stage.kind === 'loop') words.push('a turn at a time');
  if (stage.kind === 'turns') words.push('all turns in one go');
  if (stage.loops.length > 0) words.push(`in ${stage.loops.join(' › ')}`);
  if (node.mode === 'each' && stage.effect !== 'pure') words.push('item by item');
  if (node.needs.includes('timer')) words.push('waits');
  if (node.needs.includes('review')) words.push('a person answers');
  if (node.retry) words.push(`tries ${node.retry.times} more times`);
  if (stage.lane) words.push(`${stage.lane} lane`);
  if (node.disabled) words.push('disabled');
  return words.join(', ');
}
