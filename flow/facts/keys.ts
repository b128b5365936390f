import { base64url, sha256 } from '../document/hashing.ts';

/**
 * The idempotency key of one effect: the same on every attempt, worker and restart, and in a retry that keeps what was
 * done (it hashes the root run). `wf_` and 22 characters of base64url, 128 bits.
 */
export function idempotencyKey(
  root: string,
  path: string,
  node: string,
  item: number | undefined,
  ordinal = '',
): string {
  const digest = sha256(JSON.stringify([root, path, node, item ?? null, ordinal]));
  return `wf_${base64url(digest.subarray(0, 16))}`;
}

/** A generator of numbers in [0, 1), the same for the same seed (E18). */
export function seededRandom(seed: string): () => number {
  const numberAt = seededNumbers(seed);
  let drawn = 0;
  return () => numberAt(drawn++);
}

/** The numbers of that generator by their place, from 0 on, so that somebody else can go on with it: mulberry32 over the seed's hash. */
export function seededNumbers(seed: string): (place: number) => number {
  const digest = sha256(seed);
  const first = new DataView(digest.buffer, digest.byteOffset).getUint32(0);
  return (place) => {
    const state = (first + Math.imul(place + 1, 0x6d2b79f5)) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
