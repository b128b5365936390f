import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The 32 bytes of a key file that only its owner reads (0600), made when it is not there. Processes that start together make one file: it is
 * written aside and then linked to its name, which only one can do. Throws when what is there is not 32 bytes.
 */
export function haveKeyFile(file: string): Buffer {
  const found = readKeyFile(file);
  if (found) return found;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, randomBytes(32), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  return readKeyFile(file) ?? readFileSync(file);
}

/** The same without making it: undefined when there is no such file. */
export function readKeyFile(file: string): Buffer | undefined {
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
