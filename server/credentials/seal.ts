import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** A master key: its name, which is stored beside what it sealed, and what data keys are wrapped with. */
export interface MasterKey {
  readonly id: string;
  readonly wrapping: Buffer;
}

/** Whose a sealed text is: it opens in that place only. */
export interface SealOwner {
  readonly workspace: string;
  readonly id: string;
}

/** A sealed text as it is stored; each part is base64url of nonce, tag and ciphertext. */
export interface Sealed {
  readonly keyId: string;
  readonly wrapped: string;
  readonly sealed: string;
}

/** The master key of some secret bytes. Its name is derived from them by a way of its own and tells nothing of them. */
export function masterKeyOf(root: Uint8Array): MasterKey {
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync('sha256', root, 'heddle wallet', purpose, length));
  return { id: `key_${derive('name', 9).toString('base64url')}`, wrapping: derive('wrapping', 32) };
}

/**
 * Seals a text: AES-256-GCM under a data key drawn for it, which is wrapped in the same way under the master key. Both are bound to the place,
 * so that a row copied to another workspace or another credential does not open there (SAFETY C5).
 */
export function seal(text: string, place: SealOwner, master: MasterKey): Sealed {
  const dataKey = randomBytes(32);
  return {
    keyId: master.id,
    wrapped: lock(dataKey, master.wrapping, bound('data key', place, master.id)),
    sealed: lock(Buffer.from(text, 'utf8'), dataKey, bound('fields', place)),
  };
}

/** Opens what was sealed; throws when the key, the place or a single bit differs. */
export function unseal({ wrapped, sealed }: Sealed, place: SealOwner, master: MasterKey): string {
  const dataKey = unlock(wrapped, master.wrapping, bound('data key', place, master.id));
  return unlock(sealed, dataKey, bound('fields', place)).toString('utf8');
}

/** As JSON, so that no two places can be written alike. */
const bound = (what: string, { workspace, id }: SealOwner, ...more: string[]): Buffer =>
  Buffer.from(JSON.stringify(['heddle credential 1', what, workspace, id, ...more]));

function lock(bytes: Uint8Array, key: Uint8Array, place: Uint8Array): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(place);
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
}

function unlock(text: string, key: Uint8Array, place: Uint8Array): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(place);
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
}
