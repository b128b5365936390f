import { Fault } from '../../flow/facts/faults.ts';
import type { FilePower, FileRef } from '../../nodes/kit/powers.ts';
import { contentTypeOf } from '../text/content-type.ts';
import { decodeInTurns, Undecodable } from '../text/decode-text.ts';
import type { CleanText } from '../text/reading.ts';
import { bytesOf } from '../text/text-pieces.ts';
import { Turns } from '../text/turns.ts';
import type { Borrower, Guard } from './lend.ts';

/** Where the bytes of files are kept, by the hash of their content. */
export interface FileStore {
  readBytes(workspace: string, hash: string): Promise<Uint8Array | undefined>;
  writeBytes(workspace: string, run: string, bytes: Uint8Array): Promise<string>;
}

type Log = (level: 'warn', text: string) => void;

/** The largest file that a node may write, in bytes, when answers of other servers may not be larger. */
const usualLargest = 64 * 1024 * 1024;

/** What files are lent with. */
export interface FileLenders {
  readonly store: FileStore;
  /** The largest answer that becomes a file. */
  readonly downloadBytes: number;
  /** What text of a file is passed through before the run's nodes see it. */
  readonly cleanTextOf: (borrower: Borrower) => CleanText;
}

/** Lends the files of a workspace. A node sees references (`{ "$file": hash, … }`) and bytes, never a path of this machine. */
export function fileLender({
  store,
  downloadBytes,
  cleanTextOf,
}: FileLenders): (borrower: Borrower, log: Log, inTurn: Guard) => FilePower {
  const largest = Math.max(usualLargest, downloadBytes);
  return (borrower, log, inTurn) => {
    const { workspace, run } = borrower;
    const clean = cleanTextOf(borrower);
    const write: FilePower['write'] = async ({ name, type, bytes }) => {
      if (bytes.length > largest)
        throw new Fault('items.limit', `A file may have ${largest} bytes at most.`, {
          mend: 'Write several smaller files.',
        });
      return { $file: await inTurn(() => store.writeBytes(workspace, run, bytes)), name, type, size: bytes.length };
    };
    const read: FilePower['read'] = async (file) => {
      const bytes = await inTurn(() => store.readBytes(workspace, file.$file));
      if (!bytes) throw gone(file);
      return bytes;
    };
    return {
      read,
      readText: async (file, encoding) => textOf(await read(file), { file, encoding, clean }, log),
      write,
      writeText: async ({ text, ...file }) => write({ ...file, bytes: await bytesOf([text], new Turns()) }),
    };
  };
}

const gone = ({ name }: FileRef): Fault =>
  new Fault('file.parse', `The file ${name} is not there any more.`, { mend: 'Run what made it again.' });

interface FileReading {
  readonly file: FileRef;
  readonly encoding: string;
  readonly clean: CleanText;
}

/**
 * The text of a file, read in turns: a large one takes tenths of a second. Its bytes may come from an answer: a secret that the encoding hid in them is
 * taken out of the text.
 */
async function textOf(bytes: Uint8Array, { file, encoding, clean }: FileReading, log: Log): Promise<string> {
  const { name, type } = file;
  try {
    const decoded = await decodeInTurns(bytes, { encoding, charset: contentTypeOf(type).charset }, new Turns());
    if (decoded.isGuessed)
      log(
        'warn',
        `Nothing says in which encoding ${name} is; it was read as ${decoded.encoding}. Choose the encoding if letters are wrong.`,
      );
    return await clean(decoded.text, decoded.encoding);
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    throw new Fault('file.parse', `${name} cannot be read as ${error.encoding}. ${error.message}`, {
      mend: 'Choose the encoding that the file was saved in.',
      details: { encoding: error.encoding },
      cause: error,
    });
  }
}
