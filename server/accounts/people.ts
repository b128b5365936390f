import { eq } from 'drizzle-orm';
import * as z from 'zod';
import type { Reader } from './database.ts';
import { logins, users } from './tables.ts';
import { makeId } from './tokens.ts';

/** An e-mail address, in lower case: two spellings are one person. */
export const Email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email('must be an e-mail address'))
  .transform((email) => email.toLowerCase());

/** A password that a person chooses. */
export const Password = z
  .string()
  .min(8, 'must have 8 characters or more')
  .max(200, 'must have 200 characters or fewer');

export const PersonName = z.string().trim().min(1, 'must not be empty').max(100, 'must have 100 characters or fewer');

/** Makes a person who logs in by password. The caller has made sure that nobody has the address. Gives the id. */
export async function addPerson(
  tx: Reader,
  person: { email: string; name: string; passwordHash: string },
): Promise<string> {
  const id = makeId('user');
  await tx.insert(users).values({ id, email: person.email, name: person.name, emailVerified: true });
  await tx.insert(logins).values({
    id: makeId('login'),
    accountId: id,
    providerId: 'credential',
    userId: id,
    password: person.passwordHash,
  });
  return id;
}

/** What a person is called; undefined when there is none of that id. */
export async function findPersonName(orm: Reader, id: string): Promise<string | undefined> {
  const [row] = await orm.select({ name: users.name }).from(users).where(eq(users.id, id));
  return row?.name;
}

/** The person of an address. */
export async function findPersonByEmail(tx: Reader, email: string): Promise<string | undefined> {
  const [row] = await tx.select({ id: users.id }).from(users).where(eq(users.email, email));
  return row?.id;
}
