const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes as base64, padded. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const word = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += alphabet.charAt(word >> 18) + alphabet.charAt((word >> 12) & 63);
    text +=
      (b === undefined ? '=' : alphabet.charAt((word >> 6) & 63)) +
      (c === undefined ? '=' : alphabet.charAt(word & 63));
  }
  return text;
}

/** The bytes of base64 or base64url; signs that do not belong are passed over and the first `=` ends it. */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let word = 0;
  let bits = 0;
  for (const sign of text) {
    if (sign === '=') break;
    const value = alphabet.indexOf(sign === '-' ? '+' : sign === '_' ? '/' : sign);
    if (value < 0) continue;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (word >> bits) & 0xff;
  }
  return bytes.subarray(0, length);
}
