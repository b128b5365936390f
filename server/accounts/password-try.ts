import { setTimeout as pause } from 'node:timers/promises';
import { tooMany } from '../http/too-many.ts';
import type { Accounts } from './accounts.ts';
import { countLogin, forgiveLogin, noteFailure } from './attempts.ts';
import type { Sent } from './auth.ts';

/**
 * One try at a person's password, wherever it is typed: counted before it is looked at, slowed or refused (429) when there were too many. `check`
 * gives undefined when the password is wrong, and is told whose browser it is known to be.
 */
export async function tryPassword<T>(
  { orm, devices }: Pick<Accounts, 'orm' | 'devices'>,
  email: string,
  sent: Sent,
  check: (sent: Sent) => Promise<T | undefined>,
): Promise<T | undefined> {
  const device = devices.of(sent.cookie, email);
  const one = { email, ip: sent.ip, device };
  const verdict = await countLogin(orm, one);
  if ('waitSeconds' in verdict) throw tooMany(verdict.waitSeconds);
  if (verdict.afterMs > 0) await pause(verdict.afterMs);
  const found = await check(device === undefined ? sent : { ...sent, knownAs: email });
  await (found === undefined ? noteFailure(orm, one) : forgiveLogin(orm, one));
  return found;
}
