import { missing } from '../faults.ts';
import type { Run } from '../run.ts';
import { Box } from './box.ts';

/** As much of the WHATWG URL as is used here; every JavaScript host has it, the language's own library does not. */
type HostUrl = {
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
};
type Host = { readonly URL: new (text: string, base?: string) => HostUrl };

const parts = [
  'href',
  'origin',
  'protocol',
  'username',
  'password',
  'host',
  'hostname',
  'port',
  'pathname',
  'search',
  'hash',
] as const satisfies readonly (keyof HostUrl)[];

function hostUrl(): Host['URL'] {
  const host: object = globalThis;
  if ('URL' in host && typeof host.URL === 'function') return host.URL as Host['URL'];
  throw missing('URLs cannot be read here.');
}

/** Query parameters, in order; a name may come twice. */
export class QueryBox extends Box {
  readonly kind = 'query';
  pairs: [string, string][];
  readonly owner: UrlBox | undefined;

  constructor(pairs: [string, string][], owner?: UrlBox) {
    super();
    this.pairs = pairs;
    this.owner = owner;
  }
  text(): string {
    return this.pairs.map(([name, value]) => `${encodeQuery(name)}=${encodeQuery(value)}`).join('&');
  }
  plain(): string {
    return this.text();
  }
  /** Puts the changed parameters back into the URL that they belong to. */
  changed(): void {
    if (this.owner) this.owner.url.search = this.text();
  }
}

/** A parsed URL. Parsing has no effect and opens nothing. */
export class UrlBox extends Box {
  readonly kind = 'url';
  readonly url: HostUrl;

  constructor(url: HostUrl) {
    super();
    this.url = url;
  }
  text(): string {
    return this.url.href;
  }
  plain(): string {
    return this.url.href;
  }
  /** A part by its name, such as `hostname`; undefined when there is no such part. */
  part(name: string): unknown {
    if (name === 'searchParams') return new QueryBox(parseQuery(this.url.search), this);
    const known = parts.find((part) => part === name);
    return known && this.url[known];
  }
}

/** Parses a URL; undefined when it is none. */
export function parseUrl(run: Run, text: string, base?: string): UrlBox | undefined {
  run.text(text);
  try {
    return new UrlBox(new (hostUrl())(text, base));
  } catch {
    return undefined;
  }
}

/** The pairs of a query string, with or without its question mark. */
export function parseQuery(search: string): [string, string][] {
  const text = search.startsWith('?') ? search.slice(1) : search;
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const cut = pair.indexOf('=');
      return cut < 0 ? [decodeQuery(pair), ''] : [decodeQuery(pair.slice(0, cut)), decodeQuery(pair.slice(cut + 1))];
    });
}

/** As `application/x-www-form-urlencoded` writes it. */
function encodeQuery(text: string): string {
  const signs = /[!'()~]|%20/g;
  return encodeURIComponent(text.toWellFormed()).replace(signs, (sign) =>
    sign === '%20' ? '+' : `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeQuery(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
