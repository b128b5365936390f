import { inArray, sql } from 'drizzle-orm';
import { networkOf, placeOf } from '../http/place.ts';
import type { Orm } from './database.ts';
import { attempts } from './tables.ts';
import { hashToken } from './tokens.ts';

/** How often something may be tried in a window, in seconds. */
interface Allowance {
  readonly most: number;
  readonly seconds: number;
}

const ofPlace: Allowance = { most: 60, seconds: 60 };
/** One sender may have a network of 65,536 places: together they are fewer tries than keep the passwords of others waiting (`HashQueue`). */
const ofNetwork: Allowance = { most: 300, seconds: 60 };
const ofPersonThere: Allowance = { most: 10, seconds: 60 };
/** Failures of one person from everywhere, after which a try from where the person never was takes longer. */
const failures: Allowance = { most: 100, seconds: 900 };
const slowedMs = 2_000;

/** Invitations that do not hold, asked for from one place, and from one network. */
const invitesOfPlace: Allowance = { most: 60, seconds: 60 };
const invitesOfNetwork: Allowance = { most: 300, seconds: 60 };

/** Who tries to log in, and from where. */
export interface Try {
  readonly email: string;
  readonly ip: string;
  /** The browser, where it shows that this very person has logged in with it before. */
  readonly device: string | undefined;
}

/** What is said to a try: wait so many seconds, or go on after a moment. */
export type Verdict = { readonly waitSeconds: number } | { readonly afterMs: number };

/**
 * Counts a try before anything is looked up, by what was typed, so that addresses that nobody has answer alike; in the database, so that it holds
 * over all web processes. Places and networks that try too often wait. Nobody else can make a person wait: a browser that the person has used counts
 * for itself, and failures elsewhere only make a try slower, never refused. A try that is refused writes nothing.
 */
export async function countLogin(orm: Orm, one: Try): Promise<Verdict> {
  const counted = countedFor(one);
  const wanted = [...counted.map(({ key }) => key), failuresOf(one)];
  const rows = await orm
    .select({ key: attempts.key, count: attempts.count, wait: secondsLeft })
    .from(attempts)
    .where(sql`${inArray(attempts.key, wanted)} and ${attempts.until} > now()`);
  const known = new Map(rows.map((row) => [row.key, row]));
  const isOver = ({ key, most }: { key: string; most: number }) => (known.get(key)?.count ?? 0) >= most;
  const over = counted.filter(isOver);
  if (over.length > 0) return { waitSeconds: Math.max(...over.map(({ key }) => Number(known.get(key)?.wait))) };
  // Tries at the same moment: who does not get one of the last places in a count waits as well.
  for (const { key, ...allowance } of counted) if (!(await add(orm, key, allowance))) return { waitSeconds: 1 };
  const isSlowed = one.device === undefined && isOver({ key: failuresOf(one), most: failures.most });
  return { afterMs: isSlowed ? slowedMs : 0 };
}

/** A try that failed. */
export async function noteFailure(orm: Orm, one: Try): Promise<void> {
  await add(orm, failuresOf(one), failures);
}

/** A person who got in starts anew, from there; the place does not, where others may be trying. */
export async function forgiveLogin(orm: Orm, one: Try): Promise<void> {
  const own = countedFor(one).at(-1)?.key ?? '';
  await orm.delete(attempts).where(sql`${attempts.key} = ${own} or ${attempts.until} < now() - interval '1 day'`);
}

/** How many seconds somebody waits whose place or network asked for too many invitations that do not hold; 0 when they may go on. */
export async function waitForInvites(orm: Orm, ip: string): Promise<number> {
  const counted = invitesFrom(ip);
  const rows = await orm
    .select({ key: attempts.key, count: attempts.count, wait: secondsLeft })
    .from(attempts)
    .where(
      sql`${inArray(
        attempts.key,
        counted.map(({ key }) => key),
      )} and ${attempts.until} > now()`,
    );
  const over = rows.filter((row) => counted.some(({ key, most }) => key === row.key && row.count >= most));
  return Math.max(0, ...over.map(({ wait }) => Number(wait)));
}

/** Somebody asked for an invitation that does not hold. */
export async function noteWrongInvite(orm: Orm, ip: string): Promise<void> {
  for (const { key, ...allowance } of invitesFrom(ip)) await add(orm, key, allowance);
}

/** What a try counts for: its network and place, and the person there; in a browser of theirs, that browser alone. */
function countedFor({ email, ip, device }: Try): ({ key: string } & Allowance)[] {
  const person = hashToken(email);
  const place = placeOf(ip);
  if (device !== undefined) return [{ key: `login person ${person} by ${device}`, ...ofPersonThere }];
  return [
    { key: `login network ${networkOf(ip)}`, ...ofNetwork },
    { key: `login place ${place}`, ...ofPlace },
    { key: `login person ${person} at ${place}`, ...ofPersonThere },
  ];
}

const invitesFrom = (ip: string): ({ key: string } & Allowance)[] => [
  { key: `invite network ${networkOf(ip)}`, ...invitesOfNetwork },
  { key: `invite place ${placeOf(ip)}`, ...invitesOfPlace },
];

const failuresOf = ({ email }: Try) => `login failures ${hashToken(email)}`;

const secondsLeft = sql<string>`greatest(1, ceil(extract(epoch from ${attempts.until} - now())))`;

/** Adds one, unless there are as many as may be: then nothing is written, and it says false. */
async function add(orm: Orm, key: string, { most, seconds }: Allowance): Promise<boolean> {
  const end = sql`now() + make_interval(secs => ${seconds})`;
  const rows = await orm
    .insert(attempts)
    .values({ key, count: 1, until: end })
    .onConflictDoUpdate({
      target: attempts.key,
      set: {
        count: sql`case when ${attempts.until} < now() then 1 else ${attempts.count} + 1 end`,
        until: sql`case when ${attempts.until} < now() then ${end} else ${attempts.until} end`,
      },
      setWhere: sql`${attempts.until} < now() or ${attempts.count} < ${most}`,
    })
    .returning({ key: attempts.key });
  return rows.length > 0;
}
