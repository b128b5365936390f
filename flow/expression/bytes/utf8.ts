/** A text as UTF-8; a lone surrogate becomes the replacement character. */
export function toUtf8(text: string): Uint8Array {
  // Percent-encoding is the one UTF-8 encoder that the language itself has.
  const encoded = encodeURIComponent(text.toWellFormed());
  const bytes = new Uint8Array(encoded.length);
  let length = 0;
  for (let at = 0; at < encoded.length; at++) {
    if (encoded[at] === '%') {
      bytes[length++] = Number.parseInt(encoded.slice(at + 1, at + 3), 16);
      at += 2;
    } else bytes[length++] = encoded.charCodeAt(at);
  }
  return bytes.subarray(0, length);
}

/** The text of UTF-8 bytes; each wrong stretch becomes one replacement character, as the WHATWG decoder has it. */
export function fromUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const [code, next] = decodeOne(bytes, at);
    text += String.fromCodePoint(code);
    at = next;
  }
  return text;
}

function decodeOne(bytes: Uint8Array, at: number): [code: number, next: number] {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return [lead, at + 1];
  const count = lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0;
  if (count === 0) return [0xfffd, at + 1];
  let code = lead & (0x3f >> count);
  for (let i = 1; i <= count; i++) {
    const byte = bytes[at + i] ?? 0;
    const [low, high] = i === 1 ? secondByte(lead) : [0x80, 0xbf];
    if (byte < low || byte > high) return [0xfffd, at + i];
    code = (code << 6) | (byte & 0x3f);
  }
  return [code, at + count + 1];
}

/** Over-long forms, surrogates and codes past the last one are refused at the second byte. */
function secondByte(lead: number): [low: number, high: number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  return lead === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}
