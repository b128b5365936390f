import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { sentTypes } from '../../flow/document/credential.ts';
import type { Transaction } from '../db/connect.ts';
import { Refusal } from '../http/refusal.ts';

/** So many connections a workspace may have. */
const mostConnections = 1_000;
/** What those that go with requests may hold together, in bytes: each answer is searched for all of it, and knowing a byte takes 300. */
const mostSentBytes = 64 * 1024;
/** What all of them may hold together, in bytes: they are read again every few seconds. */
const mostBytes = 1024 * 1024;

/** A row's secret is base64url of nonce, tag and text. */
const framed = 28;

/** Lets no two changes of a workspace's connections each find room that is there once. To be asked before the change. */
export const inTurn = (tx: Transaction, workspace: string): Promise<unknown> =>
  tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`heddle connections ${workspace}`}, 0))`);

/** Refuses one more than a workspace may have: 422 `connections-full`. To be asked after it was made. */
export async function refuseMany(tx: Transaction): Promise<void> {
  const { count } = Count.parse((await tx.execute(sql`select count(*)::int as count from credentials`))[0]);
  if (count > mostConnections)
    throw full(`A workspace has ${mostConnections} connections at most.`, 'Delete some that nothing uses.');
}

/** Refuses what makes the secrets of a workspace too long together: 422 `connections-full`. To be asked after the change. */
export async function refuseLong(tx: Transaction): Promise<void> {
  const types = sql.join(
    sentTypes.map((type) => sql`${type}`),
    sql`, `,
  );
  const size = sql`length(sealed) * 3 / 4 - ${framed}::int`;
  const [row] = await tx.execute(sql`
    select coalesce(sum(${size}), 0)::float8 as all, coalesce(sum(${size}) filter (where type in (${types})), 0)::float8 as sent from credentials`);
  const { all, sent } = Bytes.parse(row);
  if (sent > mostSentBytes) throw tooLong('The secrets that a workspace sends', mostSentBytes, sent);
  if (all > mostBytes) throw tooLong('The connections of a workspace', mostBytes, all);
}

const tooLong = (what: string, most: number, now: number) =>
  full(
    `${what} have ${most / 1024} kB together at most; these would have ${Math.ceil(now / 1024)}.`,
    'Delete connections that nothing uses, or use a shorter secret.',
  );

const Count = z.object({ count: z.number() });
const Bytes = z.object({ all: z.number(), sent: z.number() });

const full = (sentence: string, mend: string) => new Refusal(422, 'connections-full', sentence, { mend });
