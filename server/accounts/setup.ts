import { eq, sql } from 'drizzle-orm';
import { Refusal } from '../http/refusal.ts';
import type { Auth } from './auth.ts';
import type { Orm, Reader } from './database.ts';
import { addPerson } from './people.ts';
import { members, workspaces } from './tables.ts';

/** Any number of ours: setups that come together go one after another. */
const setupLock = 4_915_234;

/** Whether nobody owns anything here yet. */
export async function needsSetup(tx: Reader): Promise<boolean> {
  const [owner] = await tx.select({ userId: members.userId }).from(members).where(eq(members.role, 'owner')).limit(1);
  return owner === undefined;
}

/**
 * First run: makes the owner and the workspace `main`, which may be there already (`heddle run` makes it). Refuses with 409 once there is an
 * owner, also when two come at the same moment.
 */
export async function setUp(
  orm: Orm,
  auth: Pick<Auth, 'hashPassword'>,
  owner: { email: string; password: string; name: string; ip: string },
): Promise<void> {
  if (!(await needsSetup(orm))) throw alreadySetUp();
  const passwordHash = await auth.hashPassword(owner.password, owner.ip);
  await orm.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${setupLock})`);
    if (!(await needsSetup(tx))) throw alreadySetUp();
    const workspace = await mainWorkspace(tx);
    const userId = await addPerson(tx, { ...owner, passwordHash });
    await tx.insert(members).values({ workspace, userId, role: 'owner' });
  });
}

const alreadySetUp = () =>
  new Refusal(409, 'already-set-up', 'This installation has an owner already.', {
    mend: 'Log in, or ask an owner to invite you.',
  });

async function mainWorkspace(tx: Reader): Promise<string> {
  await tx.insert(workspaces).values({ id: 'ws_main', slug: 'main', name: 'Main' }).onConflictDoNothing();
  const [row] = await tx.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.slug, 'main'));
  if (!row) throw new Error('The workspace main could not be made.');
  return row.id;
}
