/**
 * The encoding that bytes name for themselves in an XML declaration or an HTML `meta`, within their first kilobyte; undefined when they name
 * none. Sources: XML 1.0 appendix F, HTML 13.2.3.2.
 */
export function declaredIn(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1_024)).toString('latin1');
  const xml = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(head)?.[1];
  if (xml !== undefined) return trusted(xml);
  if (!/^\s*</.test(head)) return undefined;
  const meta = /<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(head)?.[1];
  return meta === undefined ? undefined : trusted(meta);
}

/** What can be read as bytes of ASCII is not UTF-16, whatever it says; the standard reads it as UTF-8. */
const trusted = (name: string): string => (/^(utf-?16|utf-?32|ucs)/i.test(name) ? 'utf-8' : name);
