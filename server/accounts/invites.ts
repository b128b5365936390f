import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Role } from '../../flow/contract/account.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { tooMany } from '../http/too-many.ts';
import { noteWrongInvite, waitForInvites } from './attempts.ts';
import type { Auth } from './auth.ts';
import type { Orm, Reader } from './database.ts';
import { addPerson, findPersonByEmail } from './people.ts';
import { invites, members, users, workspaces } from './tables.ts';
import { hashToken, makeId, makeToken } from './tokens.ts';

const daysOpen = 7;

/** Invites whoever has the e-mail address; the token is given this once, holds seven days and works one time. */
export async function createInvite(
  orm: Orm,
  workspace: string,
  wanted: { email: string; role: Role },
  by: string,
): Promise<{ id: string; token: string; expiresAt: string }> {
  const token = makeToken('invite');
  const id = makeId('invite');
  const expiresAt = sql`now() + make_interval(days => ${daysOpen})`;
  const [made] = await orm
    .insert(invites)
    .values({ id, workspace, ...wanted, tokenHash: hashToken(token), invitedBy: by, expiresAt })
    .returning({ expiresAt: invites.expiresAt });
  if (!made) throw new Error('An invitation was not stored.');
  return { id, token, expiresAt: made.expiresAt.toISOString() };
}

const isOpen = and(isNull(invites.acceptedAt), isNull(invites.revokedAt), gt(invites.expiresAt, sql`now()`));

/** The invitations of a workspace that nobody has taken yet. */
export async function listInvites(orm: Orm, workspace: string) {
  const rows = await orm
    .select({
      id: invites.id,
      email: invites.email,
      role: invites.role,
      createdAt: invites.createdAt,
      expiresAt: invites.expiresAt,
    })
    .from(invites)
    .where(and(eq(invites.workspace, workspace), isOpen))
    .orderBy(desc(invites.createdAt), desc(invites.id));
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }));
}

/** Takes an invitation back. */
export async function revokeInvite(orm: Orm, workspace: string, id: string): Promise<void> {
  const gone = await orm
    .update(invites)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(invites.workspace, workspace), eq(invites.id, id), isOpen))
    .returning({ id: invites.id });
  if (gone.length === 0) throw notFound('invitation');
}

/** What a token invites to, for the page that asks whether to accept. */
export async function lookAtInvite(orm: Orm, token: string) {
  const [row] = await orm
    .select({ email: invites.email, role: invites.role, workspace: workspaces.name, known: users.id })
    .from(invites)
    .innerJoin(workspaces, eq(workspaces.id, invites.workspace))
    .leftJoin(users, eq(users.email, invites.email))
    .where(and(eq(invites.tokenHash, hashToken(token)), isOpen));
  if (!row) throw inviteGone();
  const { known, ...shown } = row;
  return { ...shown, hasAccount: known !== null };
}

/** Who accepts: somebody logged in, or somebody new with a name and a password. */
export interface Accepting {
  readonly token: string;
  readonly userId: string | undefined;
  readonly name?: string | undefined;
  readonly password?: string | undefined;
  readonly ip: string;
}

/**
 * Joins the workspace and uses the invitation up, in one transaction: of many at once one succeeds. The person must be (or become) the one of
 * the invited address; a person who has an account logs in first (401). A password is hashed only for an account that an open invitation makes.
 * Gives the address.
 */
export async function acceptInvite(
  orm: Orm,
  auth: Pick<Auth, 'hashPassword'>,
  accepting: Accepting,
): Promise<{ email: string; isNew: boolean }> {
  const { token, userId: caller, name, password, ip } = accepting;
  const { hasAccount } = await lookFrom(orm, token, ip);
  const makesAccount = !hasAccount && !caller && name;
  const passwordHash = makesAccount && password ? await auth.hashPassword(password, ip) : undefined;
  return orm.transaction(async (tx) => {
    const [invite] = await tx
      .update(invites)
      .set({ acceptedAt: sql`now()` })
      .where(and(eq(invites.tokenHash, hashToken(token)), isOpen))
      .returning({ email: invites.email, role: invites.role, workspace: invites.workspace });
    if (!invite) throw inviteGone();
    const existing = await findPersonByEmail(tx, invite.email);
    const userId = existing ? mustBe(existing, caller) : await join(tx, invite.email, accepting, passwordHash);
    await tx.insert(members).values({ workspace: invite.workspace, userId, role: invite.role }).onConflictDoNothing();
    return { email: invite.email, isNew: existing === undefined };
  });
}

/** Looks at an invitation for somebody: what is refused counts where they are, and places and networks with too much of it wait (429). */
async function lookFrom(orm: Orm, token: string, ip: string) {
  const wait = await waitForInvites(orm, ip);
  if (wait > 0) throw tooMany(wait);
  try {
    return await lookAtInvite(orm, token);
  } catch (error) {
    if (error instanceof Refusal) await noteWrongInvite(orm, ip);
    throw error;
  }
}

function mustBe(invited: string, caller: string | undefined): string {
  if (caller === invited) return invited;
  throw caller
    ? new Refusal(409, 'other-person', 'This invitation is for another person.', {
        mend: 'Log out, and in as the invited person.',
      })
    : new Refusal(401, 'login-first', 'This address has an account.', { mend: 'Log in, then accept.' });
}

async function join(
  tx: Reader,
  email: string,
  { name, userId }: Accepting,
  passwordHash: string | undefined,
): Promise<string> {
  if (userId)
    throw new Refusal(409, 'other-person', 'This invitation is for another person.', { mend: 'Log out first.' });
  if (!passwordHash || !name) {
    throw new Refusal(400, 'invalid', 'A new account needs a name and a password.', { mend: 'Choose both.' });
  }
  return addPerson(tx, { email, name, passwordHash });
}

/** The same for a token that never was, was used, was taken back or is too old. */
const inviteGone = () =>
  new Refusal(404, 'invite-gone', 'This invitation does not hold.', {
    mend: 'Ask for a new one: each works once, for seven days.',
  });
