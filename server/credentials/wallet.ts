import { LRUCache } from 'lru-cache';
import { Fault } from '../../flow/facts/faults.ts';
import type { Database } from '../db/connect.ts';
import { openKeyring } from './keyring.ts';
import type { Keyring } from './keyring.ts';
import { openCredentials, openSentCredentials } from './store.ts';
import type { Fields, OpenCredential } from './store.ts';

/** The wallet of this process: opens credentials for those who lend them. */
export interface Wallet {
  readonly keyring: Keyring;
  /** Credentials by name as they are now; a name that the workspace does not have is left out. */
  open(workspace: string, names: readonly string[]): Promise<ReadonlyMap<string, OpenCredential>>;
  /** All credentials that go with requests, to know them when they come back. At most two seconds old. */
  openSent(workspace: string): Promise<readonly OpenCredential[]>;
  /** What a webhook proves its callers by; undefined when it is not there or cannot be opened. At most two seconds old. */
  findSecret(workspace: string, name: string): Promise<Fields | undefined>;
  /** To be called after every change. */
  forget(workspace: string): void;
}

export interface WalletOptions {
  readonly database: Pick<Database, 'app'>;
  readonly config: { readonly home: string; readonly masterKey: string | undefined };
  readonly log: { warn(fields: object, sentence: string): void };
}

/** A signed webhook would else ask the database at every call; a secret that another process replaced holds so much longer. */
const keptMs = 2_000;
const mostKept = 1_000;

/** Opens the wallet; the first start makes the key file. Where it cannot, that is logged, and credentials alone do not work. */
export function openWallet({ database, config, log }: WalletOptions): Wallet {
  const keyring = openKeyring(config);
  try {
    keyring.have();
  } catch (error) {
    log.warn({ err: error }, 'there is no master key: no connection can be opened');
  }
  const open: Wallet['open'] = (workspace, names) => openCredentials({ database, keyring }, workspace, names);
  const secrets = new Kept<Fields | undefined>();
  const sent = new Kept<readonly OpenCredential[]>();
  const look = async (workspace: string, name: string) => {
    try {
      return (await open(workspace, [name])).get(name)?.fields();
    } catch (error) {
      // Who calls a webhook is not told that its secret is locked away; who keeps the server is.
      if (!(error instanceof Fault)) throw error;
      log.warn({ workspace, name, code: error.code }, 'a webhook’s connection cannot be opened');
      return undefined;
    }
  };
  return {
    keyring,
    open,
    openSent: (workspace) => sent.read(workspace, '', () => openSentCredentials({ database, keyring }, workspace)),
    findSecret: (workspace, name) => secrets.read(workspace, name, () => look(workspace, name)),
    forget: (workspace) => {
      secrets.forget(workspace);
      sent.forget(workspace);
    },
  };
}

/** What was read of a workspace a moment ago, by name. */
class Kept<Value> {
  private readonly all = new LRUCache<string, { readonly until: number; readonly found: Promise<Value> }>({
    max: mostKept,
  });

  read(workspace: string, name: string, look: () => Promise<Value>): Promise<Value> {
    const place = JSON.stringify([workspace, name]);
    const known = this.all.get(place);
    if (known && known.until > performance.now()) return known.found;
    const found = look();
    this.all.set(place, { until: performance.now() + keptMs, found });
    found.catch(() => this.all.delete(place));
    return found;
  }

  forget(workspace: string): void {
    for (const place of this.all.keys())
      if (place.startsWith(JSON.stringify([workspace]).slice(0, -1))) this.all.delete(place);
  }
}
