import { workspaceIds } from '../accounts/find-workspace.ts';
import { withWorkspace } from '../db/connect.ts';
import type { Database } from '../db/connect.ts';
import type { Keyring, KeyState } from './keyring.ts';
import { credentials } from './tables.ts';

/** How the wallet of an installation stands, as data and in words. */
export interface WalletHealth {
  readonly masterKey: KeyState['from'];
  readonly credentials: number;
  /** Sealed with a key that is not here. */
  readonly locked: number;
  readonly words: readonly string[];
}

/** Looks whether the master key is there and opens what is sealed; makes and opens nothing. */
export async function walletHealth(database: Pick<Database, 'app'>, keyring: Keyring): Promise<WalletHealth> {
  const state = keyring.state();
  const sealedWith: string[] = [];
  for (const workspace of await workspaceIds(database.app.sql)) {
    const rows = await withWorkspace(database, workspace, (tx) =>
      tx.select({ keyId: credentials.keyId }).from(credentials),
    );
    sealedWith.push(...rows.map(({ keyId }) => keyId));
  }
  const locked = sealedWith.filter((id) => !state.ids.includes(id)).length;
  return {
    masterKey: state.from,
    credentials: sealedWith.length,
    locked,
    words: [...keyWords(state), `connections: ${sealedWith.length}`, ...lockedWords(locked)],
  };
}

function keyWords({ from, file, trouble }: KeyState): string[] {
  if (from === 'HEDDLE_MASTER_KEY')
    return ['master key: HEDDLE_MASTER_KEY. Keep a copy of it apart from the database.'];
  if (from === 'file')
    return [
      `master key: ${file}. Copy it to a safe place, apart from the database: without it no connection can be opened.`,
    ];
  return [`master key: missing. ${trouble ?? `The first start makes ${file}.`}`];
}

const lockedWords = (locked: number): string[] =>
  locked === 0
    ? []
    : [
        `locked: ${locked} of them were sealed with a key that is not here. Bring the key back (HEDDLE_MASTER_KEY or keys/master.key), or replace their secrets.`,
      ];
