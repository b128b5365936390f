/**
 * A message padded for a Merkle-Damgård digest (FIPS 180-4 5.1, RFC 1321 3.1): a one bit, zeros, and the length in bits in
 * the last eight bytes.
 */
export function padded(bytes: Uint8Array, block: 64 | 128, littleEndian: boolean): DataView {
  const tail = block / 8;
  const size = Math.ceil((bytes.length + 1 + tail) / block) * block;
  const message = new Uint8Array(size);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  const high = Math.floor(bytes.length / 0x20000000);
  const low = (bytes.length * 8) >>> 0;
  view.setUint32(size - 8, littleEndian ? low : high, littleEndian);
  view.setUint32(size - 4, littleEndian ? high : low, littleEndian);
  return view;
}

/** The first primes, whose roots give the constants of the SHA family. */
export function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** The first 64 bits after the point of a prime's square or cube root, exactly (FIPS 180-4 4.2). */
export function rootBits(prime: number, root: 2 | 3): bigint {
  const scaled = BigInt(prime) << BigInt(64 * root);
  let low = 0n;
  let high = 1n << 72n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(root) <= scaled) low = middle;
    else high = middle;
  }
  return low & 0xffffffffffffffffn;
}
