import { and, eq, isNull, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { KnownWorkflow } from '../../flow/check/view.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { workflowCall } from '../../flow/document/workflow-call.ts';
import type { WorkspaceNodes } from '../catalogue/workspace-nodes.ts';
import { credentialNames } from '../credentials/store.ts';
import type { Transaction } from '../db/connect.ts';
import type { Surroundings } from './read-document.ts';
import { workflows, workflowVersions } from './tables.ts';

/** A document of a workflow, and what its workspace has for it. */
interface Draft {
  readonly id: string;
  readonly document: Workflow;
  readonly nodes: WorkspaceNodes;
  readonly hasOwnAddress?: boolean | undefined;
}

/** What a document is read against, as the transaction sees it; other workflows only where it names one. */
export async function surroundingsOf(
  tx: Transaction,
  { id, document, nodes, hasOwnAddress }: Draft,
): Promise<Surroundings> {
  return {
    id,
    nodes,
    hasOwnAddress,
    credentials: await credentialNames(tx),
    ...(namesWorkflows(document, nodes.catalogue) ? { workflows: await knownWorkflows(tx) } : {}),
  };
}

const namesWorkflows = ({ nodes, settings }: Workflow, catalogue: Catalogue): boolean =>
  settings?.errorWorkflow !== undefined ||
  nodes.some(({ type, version }) => catalogue(type, version)?.needs.includes('workflow'));

/** What a version calls, as it was found when it was published; null where that is nothing, or was not looked for yet. */
export const callsOfVersion = sql<unknown>`${workflowVersions.manifest} -> 'calls'`;
export const readCalls = (stored: unknown) => z.array(workflowCall).nullable().parse(stored) ?? undefined;

/** The workflows of the workspace as those who call them know them. */
async function knownWorkflows(tx: Transaction): Promise<KnownWorkflow[]> {
  const rows = await tx
    .select({ id: workflows.id, name: workflows.name, published: workflows.published, calls: callsOfVersion })
    .from(workflows)
    .leftJoin(
      workflowVersions,
      and(eq(workflowVersions.workflow, workflows.id), eq(workflowVersions.version, workflows.published)),
    )
    .where(isNull(workflows.deletedAt));
  return rows.map(({ id, name, published, calls }) => ({
    id,
    name,
    isPublished: published !== null,
    calls: readCalls(calls) ?? [],
  }));
}
