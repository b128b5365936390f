import { createHash, randomBytes } from 'node:crypto';

/** A secret to be shown once: 32 random bytes behind a prefix that says what it is. */
export const makeToken = (prefix: 'hk' | 'invite'): string => `${prefix}_${randomBytes(32).toString('base64url')}`;

/** What is stored of a token. Tokens are random, so a plain digest cannot be guessed back, and looking it up tells nothing by its time. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** An id that says its kind. */
export const makeId = (kind: string): string => `${kind}_${randomBytes(12).toString('base64url')}`;
