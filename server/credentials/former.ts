import { desc, sql } from 'drizzle-orm';
import type { ISql } from 'postgres';
import { makeId } from '../accounts/tokens.ts';
import type { Transaction } from '../db/connect.ts';
import { credentials, formerSecrets } from './tables.ts';

/** How long it is known what a credential held before: services are slow to forget, and a secret that was replaced may hold for a while. */
const known = '30 days';
/** So many of a workspace are known, the latest. */
const mostKnown = 100;

type Held = Pick<typeof credentials.$inferSelect, 'id' | 'workspaceId' | 'type' | 'keyId' | 'wrapped' | 'sealed'>;

/** Keeps what a credential held, in the transaction that takes it away. */
export async function keepFormer(
  tx: Transaction,
  { id: credential, workspaceId, type, keyId, wrapped, sealed }: Held,
): Promise<void> {
  await tx
    .insert(formerSecrets)
    .values({ id: makeId('former'), workspaceId, credential, type, keyId, wrapped, sealed });
  await tx.execute(sql`
    delete from former_secrets where id in (
      select id from former_secrets order by at desc, id offset ${mostKnown})`);
}

/** What credentials of the workspace that the transaction acts in held, the latest first. */
export async function readFormer(tx: Transaction): Promise<Held[]> {
  const rows = await tx
    .select()
    .from(formerSecrets)
    .where(sql`${formerSecrets.at} > now() - ${known}::interval`)
    .orderBy(desc(formerSecrets.at))
    .limit(mostKnown);
  return rows.map(({ credential, ...row }) => ({ ...row, id: credential }));
}

/** Forgets what is no longer known, of all workspaces. Safe in any number of processes at once. */
export async function forgetFormer(engine: ISql): Promise<void> {
  await engine`delete from former_secrets where at < now() - ${known}::interval`;
}
