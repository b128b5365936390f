import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

const digests: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  md5,
  sha1,
  sha224,
  sha256,
  sha384,
  sha512,
};

/** The digests there are; MD5 and SHA-1 are for fingerprints that others expect, never for secrets. */
export const digestNames: readonly string[] = Object.keys(digests);

/** A digest in lower-case hexadecimal; undefined when there is none of that name. */
export function digest(name: string, bytes: Uint8Array): string | undefined {
  const make = Object.hasOwn(digests, name) ? digests[name] : undefined;
  return make && bytesToHex(make(bytes));
}
