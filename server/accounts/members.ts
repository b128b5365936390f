import { and, asc, eq } from 'drizzle-orm';
import type { Role } from '../../flow/contract/account.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { Orm, Reader } from './database.ts';
import { members, users } from './tables.ts';

/** Everybody who belongs to a workspace, the longest first. */
export async function listMembers(orm: Orm, workspace: string) {
  const rows = await orm
    .select({ id: users.id, email: users.email, name: users.name, role: members.role, since: members.createdAt })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.workspace, workspace))
    .orderBy(asc(members.createdAt), asc(users.id));
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

/** Gives a member another role. 404 for who is none; 409 for the last owner. */
export async function changeRole(orm: Orm, workspace: string, userId: string, role: Role): Promise<void> {
  await orm.transaction(async (tx) => {
    if (role !== 'owner') await keepAnOwner(tx, workspace, userId);
    const changed = await tx
      .update(members)
      .set({ role })
      .where(membership(workspace, userId))
      .returning({ userId: members.userId });
    if (changed.length === 0) throw notFound('member');
  });
}

/** Takes a member out of the workspace; their sessions act there no more within seconds. 404, 409 as for roles. */
export async function removeMember(orm: Orm, workspace: string, userId: string): Promise<void> {
  await orm.transaction(async (tx) => {
    await keepAnOwner(tx, workspace, userId);
    const gone = await tx.delete(members).where(membership(workspace, userId)).returning({ userId: members.userId });
    if (gone.length === 0) throw notFound('member');
  });
}

const membership = (workspace: string, userId: string) =>
  and(eq(members.workspace, workspace), eq(members.userId, userId));

/** The owners are locked, so that two owners who demote each other do not both succeed. */
async function keepAnOwner(tx: Reader, workspace: string, userId: string): Promise<void> {
  const owners = await tx
    .select({ userId: members.userId })
    .from(members)
    .where(and(eq(members.workspace, workspace), eq(members.role, 'owner')))
    .orderBy(asc(members.userId))
    .for('update');
  if (owners.length === 1 && owners[0]?.userId === userId) {
    throw new Refusal(409, 'last-owner', 'A workspace needs an owner.', { mend: 'Make somebody else an owner first.' });
  }
}
