import { LRUCache } from 'lru-cache';
import { Fault } from '../../flow/facts/faults.ts';
import type { Database } from '../db/connect.ts';
import { openKeyring } from './keyring.ts';
import type { Keyring } from './keyring.ts';
import { openAllCredentials, openCredentials } from './store.ts';
import type { Fields, OpenCredential } from './store.ts';

/** The wallet of this process: opens credentials for those who lend them. */
export interface Wallet {
  readonly keyring: Keyring;
  /** Credentials by name as they are now; a name that the workspace does not have is left out. */
  open(workspace: string, names: readonly string[]): Promise<ReadonlyMap<string, OpenCredential>>;
  /** All credentials, and what they held lately, to know secrets wherever they come in. At most two seconds old. */
  openAll(workspace: string): Promise<readonly OpenCredential[]>;
  /** The same for who must not wait for the database each time: of a workspace that is asked for often, it may be a minute old. */
  openAllLately(workspace: string): Promise<readonly OpenCredential[]>;
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
/** So much longer what was read may be given while it is read anew. */
const lateMs = 60_000;
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
  const all = new Kept<readonly OpenCredential[]>();
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
  const lookAtAll = (workspace: string) => () => openAllCredentials({ database, keyring }, workspace);
  return {
    keyring,
    open,
    openAll: (workspace) => all.read(workspace, '', lookAtAll(workspace)),
    openAllLately: (workspace) => all.read(workspace, '', lookAtAll(workspace), lateMs),
    findSecret: (workspace, name) => secrets.read(workspace, name, () => look(workspace, name)),
    forget: (workspace) => {
      secrets.forget(workspace);
      all.forget(workspace);
    },
  };
}

interface Read<Value> {
  readonly until: number;
  readonly found: Promise<Value>;
  /** Whether it is being read anew. */
  isComing: boolean;
}

/** What was read of a workspace a moment ago, by name. */
class Kept<Value> {
  private readonly all = new LRUCache<string, Read<Value>>({ max: mostKept });

  /** What `look` finds, or found within two seconds; with `late` also what it found so long before that, while it looks again. */
  read(workspace: string, name: string, look: () => Promise<Value>, late = 0): Promise<Value> {
    const place = JSON.stringify([workspace, name]);
    const known = this.all.get(place);
    const age = known ? performance.now() - known.until : Infinity;
    if (!known || age > late) return this.keep(place, look());
    if (age > 0 && !known.isComing) void this.renew(place, known, look);
    return known.found;
  }

  private keep(place: string, found: Promise<Value>): Promise<Value> {
    this.all.set(place, { until: performance.now() + keptMs, found, isComing: false });
    found.catch(() => this.all.delete(place));
    return found;
  }

  /** What was forgotten meanwhile may have been read before it changed. */
  private async renew(place: string, known: Read<Value>, look: () => Promise<Value>): Promise<void> {
    known.isComing = true;
    try {
      const value = await look();
      if (this.all.get(place) === known) void this.keep(place, Promise.resolve(value));
    } catch {
      known.isComing = false;
    }
  }

  forget(workspace: string): void {
    for (const place of this.all.keys())
      if (place.startsWith(JSON.stringify([workspace]).slice(0, -1))) this.all.delete(place);
  }
}
