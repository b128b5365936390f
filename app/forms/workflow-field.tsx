import { useQuery } from '@tanstack/react-query';
import { workflowsQuery } from '../api/workflows.ts';
import { callStart } from '../../flow/compile/call-start.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { Select } from '../ui/select.tsx';
import type { ControlProps } from './control-view.tsx';

/** One of the workspace's workflows by name; those that cannot be called say why. What is stored is its id, which a renaming leaves as it is. */
export function WorkflowField({ field, wiring, value, onChange }: ControlProps) {
  const workflows = useQuery(workflowsQuery);
  const chosen = typeof value === 'string' ? value : '';
  const all = (workflows.data ?? []).map((workflow) => ({ workflow, why: whyNot(workflow) }));
  const known = [...all.filter(({ why }) => !why), ...all.filter(({ why }) => why)].map(({ workflow, why }) => ({
    value: workflow.id,
    title: workflow.name,
    ...(why ? { says: why, disabled: workflow.id !== chosen } : {}),
  }));
  const isKnown = known.some((one) => one.value === chosen);
  const lost = workflows.data ? 'A workflow that is not here any more' : 'Loading…';
  const first = { value: chosen === '' ? ' ' : chosen, title: chosen === '' ? 'Choose a workflow' : lost };
  return (
    <Select
      id={wiring.id}
      label={field.title}
      value={chosen === '' ? ' ' : chosen}
      options={isKnown ? known : [first, ...known]}
      onChange={(next) => onChange(next === ' ' ? undefined : next)}
    />
  );
}

/** Why a workflow cannot be called; undefined when it can. The rule is the server's. */
export function whyNot({
  published,
  triggers = [],
}: Pick<ListedWorkflow, 'published' | 'triggers'>): string | undefined {
  if (published === null || published === undefined) return 'not published';
  if (triggers.length === 0 || callStart(triggers) !== undefined) return undefined;
  return 'several starts, none of them When called';
}
