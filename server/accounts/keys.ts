import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Role } from '../../flow/contract/account.ts';
import { mayAct } from '../http/caller.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { Orm } from './database.ts';
import { apiKeys } from './tables.ts';
import { hashToken, makeId, makeToken } from './tokens.ts';

const shown = 'hk_'.length + 6;

/** Makes a key; `key` is given this once and stored nowhere. `by` may not give away more than its own role. */
export async function createKey(
  orm: Orm,
  workspace: string,
  wanted: { name: string; role: Role },
  by?: { id: string; role: Role },
): Promise<{ id: string; key: string }> {
  if (by && !mayAct(by.role, wanted.role))
    throw new Refusal(403, 'forbidden', 'A key cannot have more rights than who makes it.');
  const key = makeToken('hk');
  const id = makeId('key');
  await orm.insert(apiKeys).values({
    id,
    workspace,
    ...wanted,
    keyHash: hashToken(key),
    prefix: key.slice(0, shown),
    createdBy: by?.id ?? null,
  });
  return { id, key };
}

/** The keys of a workspace that hold, the newest first. */
export async function listKeys(orm: Orm, workspace: string) {
  const rows = await orm
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      role: apiKeys.role,
      prefix: apiKeys.prefix,
      createdAt: apiKeys.createdAt,
      lastUsedAt: apiKeys.lastUsedAt,
    })
    .from(apiKeys)
    .where(and(eq(apiKeys.workspace, workspace), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }));
}

/** Ends a key: within 5 s nothing is admitted with it. 404 for one that is not there or was ended before. */
export async function revokeKey(orm: Orm, workspace: string, id: string): Promise<void> {
  const gone = await orm
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.workspace, workspace), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  if (gone.length === 0) throw notFound('key');
}
