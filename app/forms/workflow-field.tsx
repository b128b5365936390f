import { useQuery } from '@tanstack/react-query';
import { workflowsQuery } from '../api/workflows.ts';
import { Select } from '../ui/select.tsx';
import type { ControlProps } from './control-view.tsx';

/** One of the workspace's workflows by name. What is stored is its id, which a renaming leaves as it is. */
export function WorkflowField({ field, wiring, value, onChange }: ControlProps) {
  const workflows = useQuery(workflowsQuery);
  const chosen = typeof value === 'string' ? value : '';
  const known = (workflows.data ?? []).map(({ id, name }) => ({ value: id, title: name }));
  const isKnown = known.some((one) => one.value === chosen);
  const first = { value: chosen === '' ? ' ' : chosen, title: chosen === '' ? 'Choose a workflow' : chosen };
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
