import { Fault } from '../../flow/run/faults.ts';
import type { FilePower } from '../../nodes/kit/powers.ts';
import type { Borrower } from './lend.ts';

/** Where the bytes of files are kept, by the hash of their content. */
export interface FileStore {
  readBytes(workspace: string, hash: string): Promise<Uint8Array | undefined>;
  writeBytes(workspace: string, run: string, bytes: Uint8Array): Promise<string>;
}

/** The largest file that a node may write, in bytes. */
const largest = 64 * 1024 * 1024;

/** Lends the files of a workspace. A node sees references (`{ "$file": hash, … }`) and bytes, never a path of this machine. */
export function fileLender(store: FileStore): (borrower: Borrower) => FilePower {
  return ({ workspace, run }) => ({
    read: async (file) => {
      const bytes = await store.readBytes(workspace, file.$file);
      if (!bytes)
        throw new Fault('file.parse', `The file ${file.name} is not there any more.`, {
          mend: 'Run what made it again.',
        });
      return bytes;
    },
    write: async ({ name, type, bytes }) => {
      if (bytes.length > largest)
        throw new Fault('items.limit', `A file may have ${largest} bytes at most.`, {
          mend: 'Write several smaller files.',
        });
      return { $file: await store.writeBytes(workspace, run, bytes), name, type, size: bytes.length };
    },
  });
}
