import { sha256 as digestOf } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { toBase64 } from '../expression/bytes/base64.ts';
import { toUtf8 } from '../expression/bytes/utf8.ts';

/** SHA-256 (FIPS 180-4) for fingerprints and idempotency keys; `flow/` runs in browsers and on servers alike and may ask neither's crypto. */
export const sha256 = (text: string): Uint8Array => digestOf(toUtf8(text));

/** The digest in lower-case hexadecimal. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(text));

/** Base64url without padding (RFC 4648, 5). */
export const base64url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
