import { credentialTypes, longestSent } from '../../flow/document/credential.ts';
import { quote } from '../../flow/document/quote.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { OpenCredential } from '../credentials/store.ts';
import type { Wallet } from '../credentials/wallet.ts';
import type { CleanText } from '../text/reading.ts';
import type { Grant } from './grant.ts';
import type { GrantedRun, GrantsOf } from './grants.ts';
import { secretsOf } from './lend-credential.ts';
import { redactorOf } from './redaction/redactor.ts';
import type { Redactor } from './redaction/redactor.ts';

/** The wallet as lenders use it. */
export type LendingWallet = Pick<Wallet, 'open' | 'openAll'>;

/** Finds what takes the secrets of a run out of what comes in to it; undefined when none may be told to it. */
export type RedactorOf = (run: GrantedRun) => Promise<Redactor | undefined>;

export const redactorFinder =
  (wallet: LendingWallet, grantsOf: GrantsOf): RedactorOf =>
  async (run) =>
    (await openFor(wallet, run, await grantsOf(run), undefined)).redact;

/** Takes the same out of text that was read from bytes without secrets in another encoding than UTF-8: what hid there is seen now. */
export const textCleaner =
  (finder: RedactorOf) =>
  (run: GrantedRun): CleanText =>
  async (text, encoding) =>
    encoding === 'utf-8' ? text : ((await (await finder(run))?.decoded(text, encoding)) ?? text);

/** The credential of a request, and a redactor that knows every secret that may be told to this run: another node may ask the same far side. */
export async function openFor(
  wallet: LendingWallet,
  { workspace, state }: GrantedRun,
  grant: Grant,
  credential: string | undefined,
): Promise<{ lent: OpenCredential | undefined; redact: Redactor | undefined }> {
  // What one run of a family was lent may be told to any other of it.
  const known = state().started?.parent === undefined ? grant.credentials : 'any';
  const named = [...(known === 'any' ? [] : known), ...(credential === undefined ? [] : [credential])];
  const found = await wallet.open(workspace, [...new Set(named)]);
  const lent = credential === undefined ? undefined : found.get(credential);
  if (credential !== undefined && !lent)
    throw new Fault('credential.missing', `The connection ${quote(credential)} is not in this workspace.`, {
      mend: 'Add it under Connections, or choose another.',
      done: 'no',
    });
  const { everywhere, elsewhere } = secretsIn(await wallet.openAll(workspace));
  const told = [...found.values()].filter(isSent).flatMap(secretsOf);
  const own = new Set([...told, ...(known === 'any' ? elsewhere : [])].filter((secret) => !everywhere.has(secret)));
  const groups = [everywhere, own].filter(({ size }) => size > 0);
  return { lent, redact: groups.length === 0 ? undefined : await redactorOf(groups.map((group) => [...group])) };
}

/**
 * What each run of the workspace knows: a service may have stored it, and say it to whoever asks. Shorter ones may be words, which others say too, and
 * for longer ones, of which there are none but old ones, each answer would be read in longer pieces: they are known to runs that may be told them. So
 * nearly all that a run knows is the same for all runs of its workspace, and made ready once.
 */
export const isKnownEverywhere = ({ length }: string): boolean => length >= 16 && length <= longestSent;
/** Of all that a workspace sends so many characters are known, the latest first: to know one takes 300 times its size in memory. */
const mostKnown = 128 * 1024;

/** What requests of a workspace carry: what each of its runs knows, and what those know that may be told it. */
interface SentSecrets {
  readonly everywhere: ReadonlySet<string>;
  readonly elsewhere: readonly string[];
}

const read = new WeakMap<readonly OpenCredential[], SentSecrets>();

const isSent = ({ type }: OpenCredential): boolean => credentialTypes[type].isSent;

/** The secrets that go with requests, of a list which the wallet gives to every request for a while. */
function secretsIn(all: readonly OpenCredential[]): SentSecrets {
  const known = read.get(all);
  if (known) return known;
  const secrets = all.filter(isSent).flatMap(secretsOf);
  const found = {
    everywhere: new Set(within(secrets.filter(isKnownEverywhere))),
    elsewhere: within(secrets.filter((secret) => !isKnownEverywhere(secret))),
  };
  read.set(all, found);
  return found;
}

function within(secrets: readonly string[]): string[] {
  let size = 0;
  return secrets.filter(({ length }) => (size += length) <= mostKnown);
}
