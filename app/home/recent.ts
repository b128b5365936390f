import { useQuery } from '@tanstack/react-query';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { workflowsQuery } from '../api/workflows.ts';
import { useOpened } from '../host/opened.ts';
import { useLeaving } from './leaving.ts';

const shown = 5;

/** The workflows of this workspace that were opened last in this browser, by the names that they have now. */
export function useRecent(isKnown: boolean): readonly Pick<ListedWorkflow, 'id' | 'name'>[] {
  const opened = useOpened();
  const leaving = useLeaving();
  const { data = [] } = useQuery({ ...workflowsQuery, enabled: isKnown && opened.length > 0 });
  const there = new Map(data.filter(({ id }) => !leaving.has(id)).map((one) => [one.id, one]));
  return opened.flatMap((id) => there.get(id) ?? []).slice(0, shown);
}
