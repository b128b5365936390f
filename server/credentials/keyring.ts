import path from 'node:path';
import { Fault } from '../../flow/facts/faults.ts';
import { haveKeyFile, readKeyFile } from '../key-file.ts';
import { masterKeyOf, seal, unseal } from './seal.ts';
import type { MasterKey, SealOwner, Sealed } from './seal.ts';

/** Where the master key comes from, and whether it is there; what `heddle doctor` says. */
export interface KeyState {
  readonly from: 'HEDDLE_MASTER_KEY' | 'file' | 'missing';
  /** The file, when it is or would be the source. */
  readonly file: string;
  /** Names of the keys that are there, the one that seals first. */
  readonly ids: readonly string[];
  /** Why the file cannot be read. */
  readonly trouble: string | undefined;
}

/** The master keys of this installation: everything is sealed under the first; the others open what they sealed. */
export interface Keyring {
  /** Makes the key file when this is the first start; throws when it cannot be made or read. */
  have(): void;
  /** Throws when there is no key, with why. */
  seal(text: string, place: SealOwner): Sealed;
  /** Throws the fault `credential.locked` when the key that sealed it is not here, or the row was tampered with. */
  open(sealed: Sealed, place: SealOwner): string;
  /** Whether the key that sealed something is here. */
  opens(keyId: string): boolean;
  /** How it stands now; makes nothing. */
  state(): KeyState;
}

/**
 * The keyring of HEDDLE_MASTER_KEY, or of `keys/master.key` under HEDDLE_HOME. With both, the variable seals and the file still opens, so that
 * one can go over from one to the other. The file is read when it is first needed: where it cannot be, only credentials are affected.
 */
export function openKeyring({ home, masterKey }: { home: string; masterKey: string | undefined }): Keyring {
  const file = path.join(home, 'keys/master.key');
  let known: readonly MasterKey[] | undefined;
  const keys = (): readonly MasterKey[] =>
    (known ??= masterKey ? both(masterKey, file) : [masterKeyOf(haveKeyFile(file))]);
  const find = (keyId: string) => keys().find(({ id }) => id === keyId);
  return {
    have: () => void keys(),
    seal: (text, place) => {
      const [first] = keys();
      if (!first) throw new Error('there is no master key');
      return seal(text, place, first);
    },
    open: (sealed, place) => {
      try {
        const master = find(sealed.keyId);
        if (!master) throw new Error(`it was sealed with ${sealed.keyId}`);
        return unseal(sealed, place, master);
      } catch (cause) {
        throw locked(cause);
      }
    },
    opens: (keyId) => {
      try {
        return find(keyId) !== undefined;
      } catch {
        return false; // no key at all opens nothing
      }
    },
    state: () => stateOf(masterKey, file),
  };
}

/** A damaged file does not stand in the way of a key that is given. */
function both(masterKey: string, file: string): readonly MasterKey[] {
  const first = masterKeyOf(Buffer.from(masterKey, 'utf8'));
  try {
    const second = readKeyFile(file);
    return second ? [first, masterKeyOf(second)] : [first];
  } catch {
    return [first];
  }
}

function stateOf(masterKey: string | undefined, file: string): KeyState {
  const ids = (keys: readonly MasterKey[]) => keys.map(({ id }) => id);
  if (masterKey) return { from: 'HEDDLE_MASTER_KEY', file, ids: ids(both(masterKey, file)), trouble: undefined };
  try {
    const bytes = readKeyFile(file);
    if (!bytes) return { from: 'missing', file, ids: [], trouble: undefined };
    return { from: 'file', file, ids: ids([masterKeyOf(bytes)]), trouble: undefined };
  } catch (error) {
    return { from: 'missing', file, ids: [], trouble: error instanceof Error ? error.message : String(error) };
  }
}

const locked = (cause: unknown) =>
  new Fault('credential.locked', 'The connection was encrypted with a master key that is not here.', {
    mend: 'Bring back the master key (HEDDLE_MASTER_KEY, or keys/master.key under HEDDLE_HOME), or enter the secret again.',
    done: 'no',
    cause,
  });
