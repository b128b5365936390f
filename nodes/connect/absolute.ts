type HostUrl = new (text: string, base?: string) => { readonly href: string };

/** Every JavaScript host has URL; the language's own library, which is all that nodes know, has not. */
function hostUrl(): HostUrl | undefined {
  const host: object = globalThis;
  return 'URL' in host && typeof host.URL === 'function' ? (host.URL as HostUrl) : undefined;
}

/** An address made whole by the one it is relative to; as it was when it cannot be. */
export function absolute(address: string, base: string | undefined): string {
  const Url = hostUrl();
  const written = address.trim();
  if (!Url || base === undefined || /^[a-z][a-z\d+.-]*:/i.test(written)) return written;
  try {
    return new Url(written, base).href;
  } catch {
    return written;
  }
}

/** HTML whose links and pictures are made whole; addresses inside the page and other kinds (data:, mailto:) stay. */
export const withAbsoluteLinks = (html: string, base: string | undefined): string =>
  base === undefined
    ? html
    : html.replaceAll(
        /(<[a-z][^<>]*?\s(?:href|src|poster)\s*=\s*)(["'])([^"'<>]+)\2/gi,
        (whole: string, start: string, quote: string, address: string) =>
          address.startsWith('#') ? whole : `${start}${quote}${absolute(address, base)}${quote}`,
      );
