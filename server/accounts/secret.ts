import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { haveKeyFile } from '../key-file.ts';

/** The installation's secret for sessions, and what is sealed with it. */
export interface Secret {
  /** What signs session cookies: 43 characters. */
  readonly forSessions: string;
  /** What the tokens of resume links are made with: 32 bytes. */
  readonly forLinks: Uint8Array;
  /** What calls of ours to ourselves are marked with: 32 bytes. */
  readonly forCalls: Uint8Array;
  /** Seals a text (AES-256-GCM) so that it opens only as the same `what`. */
  seal(text: string, what: string): string;
  /** Opens what was sealed; throws when the key, the text or `what` differ. */
  open(sealed: string, what: string): string;
}

/**
 * The secret of HEDDLE_MASTER_KEY, or of a key file (0600) under HEDDLE_HOME that the first start makes. Processes on several machines need
 * the master key: each would else sign with its own file.
 */
export function openSecret(config: { home: string; masterKey: string | undefined }): Secret {
  const root = config.masterKey
    ? Buffer.from(config.masterKey, 'utf8')
    : haveKeyFile(path.join(config.home, 'keys/accounts.key'));
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', root, 'heddle accounts', purpose, 32));
  const key = derive('sealing');
  return {
    forSessions: derive('sessions').toString('base64url'),
    forLinks: derive('links'),
    forCalls: derive('calls'),
    seal: (text, what) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(what));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed, what) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(what));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    },
  };
}
