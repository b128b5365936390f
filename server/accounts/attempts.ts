import { sql } from 'drizzle-orm';
import type { Orm } from './database.ts';
import { attempts } from './tables.ts';
import { hashToken } from './tokens.ts';

/** How often something may be tried in a window, in seconds. */
interface Allowance {
  readonly most: number;
  readonly seconds: number;
}

const perPlace: Allowance = { most: 60, seconds: 60 };
const perPersonAndPlace: Allowance = { most: 10, seconds: 60 };
const perPerson: Allowance = { most: 100, seconds: 900 };

/**
 * Counts a login and gives the seconds to wait when it is one too many (0 when it may go on). Counted before anything is looked up, by what was
 * typed, so that addresses that nobody has answer alike; in the database, so that it holds over all web processes.
 */
export async function countLogin(orm: Orm, email: string, ip: string): Promise<number> {
  const waits = await Promise.all([
    count(orm, `login place ${ip}`, perPlace),
    count(orm, personAndPlace(email, ip), perPersonAndPlace),
    count(orm, `login person ${hashToken(email)}`, perPerson),
  ]);
  return Math.max(...waits);
}

/** A person who got in starts anew. */
export async function forgiveLogin(orm: Orm, email: string, ip: string): Promise<void> {
  await orm
    .delete(attempts)
    .where(sql`${attempts.key} = ${personAndPlace(email, ip)} or ${attempts.until} < now() - interval '1 day'`);
}

const personAndPlace = (email: string, ip: string) => `login person ${hashToken(email)} at ${ip}`;

async function count(orm: Orm, key: string, { most, seconds }: Allowance): Promise<number> {
  const end = sql`now() + make_interval(secs => ${seconds})`;
  const [row] = await orm
    .insert(attempts)
    .values({ key, count: 1, until: end })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        count: sql`case when ${attempts.until} < now() then 1 else ${attempts.count} + 1 end`,
        until: sql`case when ${attempts.until} < now() then ${end} else ${attempts.until} end`,
      },
    })
    .returning({ count: attempts.count, wait: sql<string>`ceil(extract(epoch from ${attempts.until} - now()))` });
  return row && row.count > most ? Math.max(1, Number(row.wait)) : 0;
}
