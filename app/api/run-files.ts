import { fileHandle } from '../../flow/contract/file.ts';
import type { FileHandle } from '../../flow/contract/file.ts';
import { call } from './call.ts';

/** The largest file that goes with an answer, in bytes: 7 MB fit into a body of 10 MB as base64. */
export const largestFile = 7_000_000;

/** Keeps a file with a run that waits, and gives its handle. Throws when it cannot be read or is refused. */
export async function keepFile(run: string, file: File): Promise<FileHandle> {
  const body = { name: file.name, ...(file.type === '' ? {} : { type: file.type }), data: await base64(file) };
  return call('POST', `/api/v1/runs/${encodeURIComponent(run)}/files`, { body, shape: fileHandle });
}

const base64 = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(new Error(`${file.name} could not be read. Choose it again.`));
    reader.readAsDataURL(file);
  });
