/**
 * Gives an isolate the text tools that people expect of any JavaScript: TextEncoder, TextDecoder (UTF-8), btoa, atob.
 * The text of this function runs inside the isolate: it may use nothing from outside itself.
 */
export function installText(): void {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

  function bytesOf(view: unknown): Uint8Array {
    if (view === undefined) return new Uint8Array();
    if (ArrayBuffer.isView(view)) return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    if (view instanceof ArrayBuffer) return new Uint8Array(view);
    throw new TypeError('Expected bytes: an ArrayBuffer or a view of one');
  }

  class TextEncoder {
    readonly encoding = 'utf-8';
    encode(given: unknown = ''): Uint8Array {
      // encodeURIComponent knows UTF-8; only the escapes need work.
      const escaped = encodeURIComponent(String(given).toWellFormed());
      const bytes = new Uint8Array(escaped.length);
      let length = 0;
      for (let at = 0; at < escaped.length; at++) {
        const isEscape = escaped[at] === '%';
        bytes[length++] = isEscape ? parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at);
        if (isEscape) at += 2;
      }
      return bytes.slice(0, length);
    }
  }

  /** The length of the well-formed UTF-8 sequence at `at` (Unicode 16, table 3-7); where there is none, of what one U+FFFD stands for, negative. */
  function sequence(bytes: Uint8Array, at: number): number {
    const first = bytes[at] ?? 0;
    if (first < 0x80) return 1;
    const length =
      first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    for (let step = 1; step < length; step++) {
      const next = bytes[at + step] ?? 0;
      if (step === 1 ? next < low || next > high : next < 0x80 || next > 0xbf) return -step;
    }
    return length || -1;
  }

  class TextDecoder {
    readonly encoding = 'utf-8';
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;
    constructor(label: unknown = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
      if (!/^\s*utf-?8\s*$/i.test(String(label)))
        throw new RangeError(`Only utf-8 can be decoded, not ${String(label)}`);
      this.fatal = options.fatal === true;
      this.ignoreBOM = options.ignoreBOM === true;
    }
    decode(given?: unknown): string {
      const bytes = bytesOf(given);
      let text = '';
      const hasMark = !this.ignoreBOM && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
      for (let at = hasMark ? 3 : 0; at < bytes.length;) {
        const length = sequence(bytes, at);
        if (length < 0 && this.fatal) throw new TypeError('The bytes are not valid utf-8');
        if (length < 0) text += '\ufffd';
        else if (length === 1) text += String.fromCharCode(bytes[at] ?? 0);
        else {
          let point = (bytes[at] ?? 0) & (0xff >> (length + 1));
          for (let step = 1; step < length; step++) point = (point << 6) | ((bytes[at + step] ?? 0) & 0x3f);
          text += String.fromCodePoint(point);
        }
        at += Math.abs(length);
      }
      return text;
    }
  }

  function btoa(given: unknown): string {
    const text = String(given);
    let out = '';
    for (let at = 0; at < text.length; at += 3) {
      const [a, b, c] = [text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
      if (a > 255 || b > 255 || c > 255)
        throw new RangeError('btoa takes characters up to 255 only: encode the text first');
      const bits = (a << 16) | ((b || 0) << 8) | (c || 0);
      out += `${letters[bits >> 18]}${letters[(bits >> 12) & 63]}`;
      out += `${Number.isNaN(b) ? '=' : letters[(bits >> 6) & 63]}${Number.isNaN(c) ? '=' : letters[bits & 63]}`;
    }
    return out;
  }

  function atob(given: unknown): string {
    const text = String(given).replace(/[\t\n\f\r ]/g, '');
    const bare = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
    if (bare.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(bare)) throw new RangeError('The text is not base64');
    let out = '';
    let bits = 0;
    for (let at = 0; at < bare.length; at++) {
      bits = ((bits << 6) | letters.indexOf(bare[at] ?? '')) & 0xffffff;
      if (at % 4 > 0) out += String.fromCharCode((bits >> (6 - 2 * (at % 4))) & 255);
    }
    return out;
  }

  Object.assign(globalThis, { TextEncoder, TextDecoder, btoa, atob });
}
