import { and, asc, count, eq, inArray, isNull, or } from 'drizzle-orm';
import * as z from 'zod';
import type { Role } from '../../flow/contract/account.ts';
import { Refusal } from '../http/refusal.ts';
import type { Orm, Reader } from './database.ts';
import { members, users, workspaces } from './tables.ts';
import { makeId } from './tokens.ts';

/** In addresses: `/hooks/<slug>/…`. */
export const Slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,38}[a-z0-9]$/, 'must be 2 to 40 of a-z, 0-9 and -, beginning with a letter');

/** A workspace as its members see it. */
export interface WorkspaceView {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
}

/** The workspaces that a person belongs to. */
export async function listWorkspaces(orm: Orm, userId: string): Promise<WorkspaceView[]> {
  return orm
    .select({ id: workspaces.id, slug: workspaces.slug, name: workspaces.name, role: members.role })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspace))
    .where(eq(members.userId, userId))
    .orderBy(asc(members.createdAt), asc(workspaces.id));
}

/**
 * Makes a workspace with the person as its owner; 409 when the slug is taken, or when they made `most`. What processes have is parted among workspaces:
 * who could make any number would have any part of it.
 */
export async function createWorkspace(
  orm: Orm,
  userId: string,
  { name, slug }: { name: string; slug: string },
  most: number,
): Promise<WorkspaceView> {
  const id = makeId('ws');
  await orm.transaction(async (tx) => {
    // One at a time of one person, or of several at once each would count the same.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
    if ((await countMade(tx, userId)) >= most) throw workspacesFull(most);
    const made = await tx
      .insert(workspaces)
      .values({ id, name, slug, createdBy: userId })
      .onConflictDoNothing()
      .returning({ id: workspaces.id });
    if (made.length === 0)
      throw new Refusal(409, 'slug-taken', 'Another workspace has this address.', { mend: 'Choose another one.' });
    await tx.insert(members).values({ workspace: id, userId, role: 'owner' });
  });
  return { id, name, slug, role: 'owner' };
}

/** The workspaces that somebody made, whoever owns them now; of those whose maker was not kept, the ones that they own. */
async function countMade(tx: Reader, userId: string): Promise<number> {
  const owned = tx
    .select({ workspace: members.workspace })
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.role, 'owner')));
  const [row] = await tx
    .select({ made: count() })
    .from(workspaces)
    .where(or(eq(workspaces.createdBy, userId), and(isNull(workspaces.createdBy), inArray(workspaces.id, owned))));
  return row?.made ?? 0;
}

const workspacesFull = (most: number) =>
  new Refusal(409, 'workspaces-full', `You have made ${most} workspaces, which is as many as one person may.`, {
    mend: 'Use one of them, or ask the operator to raise HEDDLE_WORKSPACES.',
  });

/** A workspace by its id, for who acts in it with a key. */
export async function readWorkspace(orm: Orm, id: string): Promise<Omit<WorkspaceView, 'role'> | undefined> {
  const [row] = await orm
    .select({ id: workspaces.id, slug: workspaces.slug, name: workspaces.name })
    .from(workspaces)
    .where(eq(workspaces.id, id));
  return row;
}

/** The person as they see themselves. */
export async function readPerson(
  orm: Orm,
  userId: string,
): Promise<{ id: string; email: string; name: string } | undefined> {
  const [row] = await orm
    .select({ id: users.id, email: users.email, name: users.name })
    .from(users)
    .where(eq(users.id, userId));
  return row;
}
