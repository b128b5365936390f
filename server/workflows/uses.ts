import { and, eq, isNull, sql } from 'drizzle-orm';
import { withWorkspace } from '../db/connect.ts';
import { judged } from './judging.ts';
import { asDocument } from './store.ts';
import type { Drafts } from './store.ts';
import { workflows, workflowVersions } from './tables.ts';

/** A workflow that names a credential: in its draft, in the version that is live, or both. */
export interface CredentialUse {
  readonly id: string;
  readonly name: string;
  readonly draft: boolean;
  readonly published: boolean;
}

/** The workflows of a workspace that name a credential, by name. */
export async function usesOfCredential(
  { database, catalogueOf, compute }: Drafts,
  workspace: string,
  name: string,
): Promise<CredentialUse[]> {
  const around = { nodes: await catalogueOf(workspace), credentials: [] };
  const granted = sql<boolean>`coalesce(${workflowVersions.manifest} -> 'credentials' @> ${JSON.stringify([name])}::jsonb, false)`;
  // Only documents with the very word in them are looked at whole.
  const mentions = sql`strpos(${workflows.document}::text, ${JSON.stringify(name)}) > 0`;
  const rows = await withWorkspace(database, workspace, (tx) =>
    tx
      .select({
        id: workflows.id,
        name: workflows.name,
        document: sql<unknown>`case when ${mentions} then ${workflows.document} end`,
        published: granted,
      })
      .from(workflows)
      .leftJoin(
        workflowVersions,
        and(eq(workflowVersions.workflow, workflows.id), eq(workflowVersions.version, workflows.published)),
      )
      .where(and(isNull(workflows.deletedAt), sql`(${mentions} or ${granted})`))
      .orderBy(workflows.name, workflows.id),
  );
  const uses: CredentialUse[] = [];
  for (const { document, ...row } of rows) {
    const asked = document === null ? undefined : asDocument(document);
    const { manifest } = asked ? await judged(compute, workspace, asked, around, 'manifest') : {};
    const draft = manifest?.credentials.includes(name) ?? false;
    if (draft || row.published) uses.push({ ...row, draft });
  }
  return uses;
}
