import { quote } from '../../flow/document/quote.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { OpenCredential } from '../credentials/store.ts';
import type { Wallet } from '../credentials/wallet.ts';
import type { CleanText } from '../text/reading.ts';
import type { Grant } from './grant.ts';
import type { GrantedRun, GrantsOf } from './grants.ts';
import { secretsOf } from './lend-credential.ts';
import { redactor } from './redaction/redactor.ts';
import type { Redactor } from './redaction/redactor.ts';

/** The wallet as lenders use it. */
export type LendingWallet = Pick<Wallet, 'open' | 'openSent'>;

/** Finds what takes the secrets of a run out of what comes in to it; undefined when none may be told to it. */
export type RedactorOf = (run: GrantedRun) => Promise<Redactor | undefined>;

export const redactorFinder =
  (wallet: LendingWallet, grantsOf: GrantsOf): RedactorOf =>
  async (run) =>
    (await openFor(wallet, run, await grantsOf(run), undefined)).redact;

/** Takes the same out of text that was read from bytes without secrets in another encoding than UTF-8: what hid there is seen now. */
export const textCleaner =
  (redactorOf: RedactorOf) =>
  (run: GrantedRun): CleanText =>
  async (text, encoding) =>
    encoding === 'utf-8' ? text : ((await (await redactorOf(run))?.decoded(text, encoding)) ?? text);

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
  const sent = secretsIn(await wallet.openSent(workspace));
  const others = within(known === 'any' ? sent : sent.filter(isKnownEverywhere));
  const secrets = new Set([...[...found.values()].flatMap(secretsOf), ...others]);
  return { lent, redact: secrets.size === 0 ? undefined : redactor([...secrets]) };
}

/**
 * What each run of the workspace knows: a service may have stored it, and say it to whoever asks. Shorter ones may be words, which others say too, and
 * for longer ones each answer would be read in longer pieces: they are known to runs that may be told them.
 */
const isKnownEverywhere = ({ length }: string): boolean => length >= 16 && length <= 4_096;
/** Of all that a workspace sends so many characters are known, the latest first: to know one takes 300 times its size in memory. */
const mostKnown = 128 * 1024;

const read = new WeakMap<readonly OpenCredential[], readonly string[]>();

/** The secrets of a list, which the wallet gives to every request for a while. */
function secretsIn(sent: readonly OpenCredential[]): readonly string[] {
  const secrets = read.get(sent) ?? sent.flatMap(secretsOf);
  read.set(sent, secrets);
  return secrets;
}

function within(secrets: readonly string[]): string[] {
  let size = 0;
  return secrets.filter(({ length }) => (size += length) <= mostKnown);
}
