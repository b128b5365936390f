import { createHash } from 'node:crypto';
import { plainJsonParts } from '../text/known-json.ts';
import { Turns } from '../text/turns.ts';

/** The hash of a host call's request: what must agree before a journalled answer is served again (E12). Of 15 MB it took most of a second in one go. */
export async function requestHash(op: string, request: unknown): Promise<string> {
  const turns = new Turns();
  const hash = createHash('sha256').update(`${op}\n`);
  if (request !== undefined)
    for (const part of await plainJsonParts(request, turns)) {
      hash.update(part);
      await turns.taken();
    }
  return hash.digest().subarray(0, 16).toString('base64url');
}
