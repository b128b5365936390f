import { quote } from '../../flow/document/quote.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { OpenCredential } from '../credentials/store.ts';
import type { Wallet } from '../credentials/wallet.ts';
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
  const sent = known === 'any' ? await wallet.openSent(workspace) : [];
  const secrets = [...new Set([...found.values(), ...sent].flatMap(secretsOf))];
  return { lent, redact: secrets.length === 0 ? undefined : redactor(secrets) };
}
