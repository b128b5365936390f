/** Codes of sockets, postgres.js and Postgres that mean: not there now, nothing wrong with the request. */
const away = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  '25006', // read only: a standby that was not promoted yet
  '53300', // too many connections
  '57P01', // shut down by an administrator
  '57P02', // crashed
  '57P03', // starting up
]);
const full = new Set(['53100', 'ENOSPC']);
/** It is there, and did not get to it in the time that a request has (`db/connect.ts`). */
const slow = new Set([
  'NO_CONNECTION', // of ours (db/pool-shares.ts)
  '55P03', // a lock that another held for too long
  '57014', // a statement that took too long
]);

export type DatabaseTrouble = 'away' | 'slow' | 'full';

/**
 * Whether an error, or one that caused it, says that the database is away, too slow, or its disk full. Looks at codes: drizzle wraps what
 * postgres.js throws, and a text is in the server's language. Only `pg`, which graphile-worker uses, has sentences of its own and no code.
 */
export function databaseTrouble(error: unknown, depth = 0): DatabaseTrouble | undefined {
  if (!(error instanceof Error) || depth > 5) return undefined;
  if (/^Connection terminated\b/.test(error.message)) return 'away';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') {
    if (full.has(code)) return 'full';
    if (slow.has(code)) return 'slow';
    if (away.has(code) || code.startsWith('08')) return 'away';
  }
  if (error instanceof AggregateError) {
    for (const one of error.errors) {
      const found = databaseTrouble(one, depth + 1);
      if (found) return found;
    }
  }
  return databaseTrouble(error.cause, depth + 1);
}
