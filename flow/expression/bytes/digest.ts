import { sha256 } from '../../document/sha256.ts';
import { md5 } from './md5.ts';
import { sha1, sha224 } from './sha.ts';
import { sha512 } from './sha512.ts';

const digests: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  md5,
  sha1,
  sha224,
  sha256: (bytes) => sha256(bytes),
  sha384: (bytes) => sha512(bytes, 'sha384'),
  sha512: (bytes) => sha512(bytes, 'sha512'),
};

/** The digests there are. */
export const digestNames: readonly string[] = Object.keys(digests);

/** A digest in lower-case hexadecimal; undefined when there is none of that name. */
export function digest(name: string, bytes: Uint8Array): string | undefined {
  const make = Object.hasOwn(digests, name) ? digests[name] : undefined;
  return make && [...make(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
