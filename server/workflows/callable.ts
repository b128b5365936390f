import { and, eq, isNull, or } from 'drizzle-orm';
import { callStart } from '../../flow/compile/call-start.ts';
import { plan as planSchema } from '../../flow/compile/plan.ts';
import { withWorkspace } from '../db/connect.ts';
import type { Transaction } from '../db/connect.ts';
import type { Callable, FindCallable } from '../engine/children.ts';
import { keptVersions } from '../triggers/kept-versions.ts';
import { asDocument } from './store.ts';
import type { Store } from './store.ts';
import { workflows, workflowVersions } from './tables.ts';

const mostKept = 500;

/**
 * Finds the published version of a workflow by its id or name (E14), and the start that a call begins at: the one `start.called`, else the
 * only start. Versions never change, so the latest 500 stay in memory, as far as they have room; which version is published is asked each time.
 */
export function callableFinder(database: Store): FindCallable {
  const kept = keptVersions<Pick<Callable, 'plan' | 'document' | 'start'>>(mostKept);
  return async (workspace, wanted) => {
    const find = async (tx: Transaction) => {
      const rows = await tx
        .select({ id: workflows.id, name: workflows.name, version: workflows.published })
        .from(workflows)
        .where(and(or(eq(workflows.id, wanted), eq(workflows.name, wanted)), isNull(workflows.deletedAt)));
      const row = rows.find(({ id }) => id === wanted) ?? rows.find(({ version }) => version !== null);
      if (!row || row.version === null) return undefined;
      const name = `${row.id}@${row.version}`;
      const known = kept.get(name);
      if (known) return { ...row, version: row.version, ...known };
      const [stored] = await tx
        .select({ plan: workflowVersions.plan, document: workflowVersions.document })
        .from(workflowVersions)
        .where(and(eq(workflowVersions.workflow, row.id), eq(workflowVersions.version, row.version)));
      if (!stored) return undefined;
      const plan = planSchema.parse(stored.plan);
      const start = callStart(plan.starts.flatMap((key) => plan.nodes[key] ?? []));
      if (start === undefined) return undefined;
      const made = { plan, document: asDocument(stored.document), start };
      kept.set(name, made);
      return { ...row, version: row.version, ...made };
    };
    return withWorkspace(database, workspace, find, 'run');
  };
}
