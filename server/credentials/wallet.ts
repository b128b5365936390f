import { LRUCache } from 'lru-cache';
import { Fault } from '../../flow/facts/faults.ts';
import type { Database } from '../db/connect.ts';
import { openKeyring } from './keyring.ts';
import type { Keyring } from './keyring.ts';
import { openCredentials } from './store.ts';
import type { Fields, OpenCredential } from './store.ts';

/** The wallet of this process: opens credentials for those who lend them. */
export interface Wallet {
  readonly keyring: Keyring;
  /** Credentials by name as they are now; a name that the workspace does not have is left out. */
  open(workspace: string, names: readonly string[]): Promise<ReadonlyMap<string, OpenCredential>>;
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
  const kept = new LRUCache<string, { readonly until: number; readonly found: Promise<Fields | undefined> }>({
    max: mostKept,
  });
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
    findSecret: (workspace, name) => {
      const place = JSON.stringify([workspace, name]);
      const known = kept.get(place);
      if (known && known.until > performance.now()) return known.found;
      const found = look(workspace, name);
      kept.set(place, { until: performance.now() + keptMs, found });
      found.catch(() => kept.delete(place));
      return found;
    },
    forget: (workspace) => {
      for (const place of kept.keys())
        if (place.startsWith(JSON.stringify([workspace]).slice(0, -1))) kept.delete(place);
    },
  };
}
