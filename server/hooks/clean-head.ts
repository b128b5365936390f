import type { OpenCredential } from '../credentials/store.ts';
import type { Wallet } from '../credentials/wallet.ts';
import { isKnownEverywhere } from '../powers/known-secrets.ts';
import { secretsOf } from '../powers/lend-credential.ts';
import { redacted } from '../powers/redaction/cover.ts';

/** What a head says by name: of a query a name may be there several times. */
type Said = Readonly<Record<string, unknown>>;

/** Takes the secrets of a workspace out of the headers or the query of a call; the very same comes back when there are none in it. */
export type HeadCleaner = <Head extends Said>(head: Head) => Head;

/** Finds what cleans the calls of a workspace; undefined when it has no secrets, and had none lately. */
export type HeadCleanerOf = (workspace: string) => Promise<HeadCleaner | undefined>;

/**
 * Callers prove who they are by what the wallet holds. A version that asks for less than the one before must not show it: nodes and people who edit
 * may use secrets and not know them. What proves a caller is a value as a whole, so whole values are looked at and no parts of them: each call of each
 * workspace with a connection pays for it.
 */
export function headCleaners(wallet: Pick<Wallet, 'openAllLately'>): HeadCleanerOf {
  const known = new WeakMap<readonly OpenCredential[], ReadonlySet<string>>();
  return async (workspace) => {
    const all = await wallet.openAllLately(workspace);
    const secrets = known.get(all) ?? new Set(all.flatMap(provingSecrets));
    known.set(all, secrets);
    return secrets.size === 0 ? undefined : (head) => withoutSecrets(head, secrets);
  };
}

/**
 * Those that nobody guesses: by the gap in what a webhook shows, whoever calls is told that a guess was right. A name and a password together are
 * guessed as the password is.
 */
function provingSecrets(credential: OpenCredential): string[] {
  const secrets = secretsOf(credential);
  return (credential.type === 'basic' ? secrets.slice(0, 1) : secrets).filter(isKnownEverywhere);
}

function withoutSecrets<Head extends Said>(head: Head, secrets: ReadonlySet<string>): Head {
  const says = (value: unknown): boolean =>
    typeof value === 'string' ? saysSecret(value, secrets) : Array.isArray(value) && value.some(says);
  if (!Object.entries(head).some(([name, value]) => secrets.has(name) || says(value))) return head;
  const cleaned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(cleaned);
    return says(value) ? redacted : value;
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts stay texts, and lists lists
  return Object.fromEntries(
    Object.entries(head).map(([name, value]) => [secrets.has(name) ? redacted : name, cleaned(value)]),
  ) as Head;
}

/** Whether a value is a secret: bare, behind a scheme (`Bearer …`), or as the name or the password of `Basic …`. */
function saysSecret(value: string, secrets: ReadonlySet<string>): boolean {
  if (secrets.has(value)) return true;
  const at = value.indexOf(' ');
  if (at < 0) return false;
  const token = value.slice(at + 1).trim();
  if (secrets.has(token)) return true;
  if (value.slice(0, at).toLowerCase() !== 'basic') return false;
  const pair = Buffer.from(token, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return secrets.has(pair) || (colon >= 0 && (secrets.has(pair.slice(0, colon)) || secrets.has(pair.slice(colon + 1))));
}
