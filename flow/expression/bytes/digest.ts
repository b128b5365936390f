import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';

const digests = { md5, sha1, sha224, sha256, sha384, sha512 } as const;

/** The digests there are; MD5 and SHA-1 are for fingerprints that others expect, never for secrets. */
export const digestNames: readonly string[] = Object.keys(digests);

const isName = (name: string): name is keyof typeof digests => Object.hasOwn(digests, name);

/** A digest; undefined when there is none of that name. */
export const digest = (name: string, bytes: Uint8Array): Uint8Array | undefined =>
  isName(name) ? digests[name](bytes) : undefined;

/** A keyed digest (RFC 2104); undefined when there is no digest of that name. */
export const keyedDigest = (name: string, key: Uint8Array, bytes: Uint8Array): Uint8Array | undefined =>
  isName(name) ? hmac(digests[name], key, bytes) : undefined;
