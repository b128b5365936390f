import { useQuery } from '@tanstack/react-query';
import type { KnownWorkflow } from '../../flow/check/view.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { workflowsQuery } from '../api/workflows.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';

/**
 * The workspace's workflows, once a document calls one, or has an address that one of them may have: what calls them stores ids, and people know
 * them by name.
 */
export function useCalledWorkflows(document: Workflow): readonly KnownWorkflow[] | undefined {
  const isAsked =
    document.settings?.errorWorkflow !== undefined ||
    document.nodes.some(({ type, params }) => type === 'control.call' || typeof params?.['path'] === 'string');
  return useQuery({ ...workflowsQuery, enabled: isAsked, select: asKnown }).data;
}

// Outside of the hook: a query gives the same list again as long as what it read is the same.
const asKnown = (workflows: readonly ListedWorkflow[]): KnownWorkflow[] =>
  workflows.map(({ id, name, published, triggers, calls = [] }) => ({
    id,
    name,
    calls,
    isPublished: published !== null && published !== undefined,
    listens: triggers.flatMap(({ type, path, methods }) => (path === undefined ? [] : [{ type, path, methods }])),
  }));
