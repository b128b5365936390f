import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The installation's secret for sessions, and what is sealed with it. */
export interface Secret {
  /** What signs session cookies: 43 characters. */
  readonly forSessions: string;
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
  const root = config.masterKey ? Buffer.from(config.masterKey, 'utf8') : keyFile(path.join(config.home, 'keys'));
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', root, 'heddle accounts', purpose, 32));
  const key = derive('sealing');
  return {
    forSessions: derive('sessions').toString('base64url'),
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

/** Processes that start together make one file: it is written aside and then linked to its name, which only one can do. */
function keyFile(folder: string): Buffer {
  const file = path.join(folder, 'accounts.key');
  const found = read(file);
  if (found) return found;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, randomBytes(32), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  return read(file) ?? readFileSync(file);
}

function read(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    if (bytes.length !== 32) throw new Error(`The key file ${file} is damaged: it has ${bytes.length} bytes, not 32.`);
    return bytes;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string) => error instanceof Error && 'code' in error && error.code === code;
