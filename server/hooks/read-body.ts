import type { IncomingMessage } from 'node:http';
import { Refusal } from '../http/refusal.ts';

/** Reads a request's body whole; 413 as soon as it is known to be larger than `most` bytes, 400 when it breaks off. */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > most) return Promise.reject(tooLarge(most));
  if (request.headers['content-length'] === '0' || hasNoBody(request)) return Promise.resolve(empty);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) {
        request.pause();
        reject(tooLarge(most));
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    const broken = () => reject(new Refusal(400, 'body-broken', 'The body broke off.'));
    request.on('error', broken);
    request.on('aborted', broken);
  });
}

const empty = Buffer.alloc(0);

const hasNoBody = ({ headers }: IncomingMessage) =>
  headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;

const tooLarge = (most: number) =>
  new Refusal(413, 'too-large', 'The body is larger than is accepted here.', {
    mend: `Send ${Math.floor(most / 1024)} kB at most.`,
    headers: { connection: 'close' },
  });
