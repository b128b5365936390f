import { parseFeed } from 'feedsmith';
import type { AnyFeed, AtomFeed, JsonFeed, MediaNs, RdfFeed, RssFeed } from 'feedsmith';
import { Fault } from '../../flow/facts/faults.ts';
import { absolute, withAbsoluteLinks } from './absolute.ts';
import { feedDate } from './feed-date.ts';

/** A file that an entry carries along: an episode, a picture. `length` is in bytes. */
export interface Enclosure {
  readonly url: string;
  readonly type: string | null;
  readonly length: number | null;
}

/** One entry of a feed, the same whichever format it came in. What the feed does not say is null; addresses are whole. */
export interface FeedEntry {
  readonly id: string | null;
  readonly title: string | null;
  readonly link: string | null;
  readonly published: string | null;
  readonly author: string | null;
  readonly summary: string | null;
  readonly content: string | null;
  readonly categories: readonly string[];
  readonly updated: string | null;
  readonly image: string | null;
  readonly enclosures: readonly Enclosure[];
}

/** The entries of a feed, and the dates that could not be read. */
export interface ReadFeed {
  readonly entries: readonly FeedEntry[];
  readonly unread: readonly string[];
}

/**
 * The entries of an RSS, RDF, Atom or JSON feed, in its order, read as leniently as feed readers do (feedsmith): bare ampersands, unclosed
 * elements, any prefix for a namespace. `address` is where it came from. Throws `data.invalid` for what is no feed.
 */
export function readFeed(text: string, address?: string): ReadFeed {
  const reader = new Reader(address);
  const read = parsed(text.replace(/^\uFEFF/, '').trim());
  switch (read.format) {
    case 'rss':
      return reader.all(read.feed.items ?? [], rssBase(read.feed, address), fromRss);
    case 'rdf':
      return reader.all(read.feed.items ?? [], rssBase(read.feed, address), fromRdf);
    case 'atom':
      return reader.all(read.feed.entries ?? [], atomBase(read.feed, address), fromAtom);
    case 'json':
      return reader.all(read.feed.items ?? [], read.feed.home_page_url ?? address, fromJson);
  }
}

function parsed(text: string): AnyFeed {
  try {
    return parseFeed(text);
  } catch (error) {
    if (isEmptyFeed(text)) return { format: 'rss', feed: {} };
    throw notFeed(text, error);
  }
}

/** The library takes a feed that says nothing for none; it is one without entries when it is closed as it was opened. */
const isEmptyFeed = (text: string): boolean =>
  /<(?:[\w-]+:)?(rss|feed|RDF)(?:\s[^<>]*)?>/.test(text) &&
  /<\/(?:[\w-]+:)?(?:rss|feed|RDF)\s*>$/.test(text) &&
  !/<(?:[\w-]+:)?(?:item|entry)[\s>]/.test(text);

function notFeed(text: string, cause: unknown): Fault {
  const isPage = /<html[\s>]|<!doctype html/i.test(text.slice(0, 2_000));
  const feed = linkedFeed(text.slice(0, headSearched));
  const what = text === '' ? 'it is empty' : isPage ? 'it is a web page' : 'it is neither RSS, Atom nor JSON Feed';
  return new Fault('data.invalid', `This is not an RSS, Atom or JSON feed: ${what}.`, {
    mend: feed
      ? `Use the URL of the feed that the page names: ${feed.slice(0, 300)}.`
      : 'Check the URL: a site’s feed has its own address.',
    done: 'no',
    cause,
  });
}

/** The head of a page, where it names its feed, is not longer. */
const headSearched = 65_536;

/** The feed that a page names. Tag by tag: one pattern for all of it tried each tag against the rest of the page. */
function linkedFeed(page: string): string | undefined {
  for (const [tag] of page.matchAll(/<link\s[^<>]*>/gi))
    if (/\stype\s*=\s*["']application\/(?:rss|atom|feed)\+(?:xml|json)["']/i.test(tag))
      return /\shref\s*=\s*["']([^"']+)/i.exec(tag)?.[1];
  return undefined;
}

/** Feedparser's rule: what is relative is so to xml:base, else to the site, else to where the feed came from. */
const rssBase = (feed: { readonly xml?: { base?: string }; readonly link?: string }, address: string | undefined) =>
  based(feed.xml?.base, feed.link === undefined ? address : absolute(feed.link, address));

const atomBase = (feed: AtomFeed.Feed<string>, address: string | undefined) => {
  const self =
    feed.links?.find(({ rel }) => rel === 'self') ?? feed.links?.find(({ rel = 'alternate' }) => rel === 'alternate');
  return based(feed.xml?.base, address ?? self?.href);
};

const based = (base: string | undefined, outer: string | undefined): string | undefined =>
  base === undefined ? outer : absolute(base, outer);

/** What an entry is made with: addresses are made whole, dates read, and those that cannot be are kept. */
class Reader {
  readonly unread: string[] = [];
  readonly address: string | undefined;
  base: string | undefined;

  constructor(address: string | undefined) {
    this.address = address;
  }

  all<Item extends { readonly xml?: { base?: string } } | JsonFeed.Item<string>>(
    items: readonly Item[],
    base: string | undefined,
    entry: (item: Item, reader: Reader) => FeedEntry,
  ): ReadFeed {
    const entries = items.map((item) => {
      this.base = 'xml' in item ? based(item.xml?.base, base) : base;
      return entry(item, this);
    });
    return { entries, unread: this.unread };
  }

  whole(written: string | undefined): string | null {
    return written === undefined || written.trim() === '' ? null : absolute(written, this.base);
  }

  html(written: string | undefined): string | null {
    return written === undefined || written === '' ? null : withAbsoluteLinks(written, this.base);
  }

  date(...written: readonly (string | undefined)[]): string | null {
    const first = written.find((text) => text !== undefined && text.trim() !== '');
    const date = feedDate(first);
    if (first !== undefined && date === null) this.unread.push(first.slice(0, 80));
    return date;
  }

  enclosures(
    written: readonly { url?: string; type?: string; length?: number }[] = [],
    media: readonly Enclosure[] = [],
  ): Enclosure[] {
    const own = written.map(({ url, type, length }) => ({
      url: this.whole(url),
      type: type ?? null,
      length: length ?? null,
    }));
    const all = [...own, ...media].filter((one): one is Enclosure => one.url !== null);
    const seen = new Set<string>();
    return all.filter(({ url }) => !seen.has(url) && seen.add(url));
  }

  media(media: MediaNs.ItemOrFeed | undefined): Enclosure[] {
    const contents = [...(media?.contents ?? []), ...(media?.groups ?? []).flatMap((group) => group.contents ?? [])];
    return contents.flatMap(({ url, type, fileSize }) => {
      const found = this.whole(url);
      return found === null ? [] : [{ url: found, type: type ?? null, length: fileSize ?? null }];
    });
  }

  picture(media: MediaNs.ItemOrFeed | undefined): string | null {
    const groups = media?.groups ?? [];
    const thumbnails = [...(media?.thumbnails ?? []), ...groups.flatMap((group) => group.thumbnails ?? [])];
    const contents = [...(media?.contents ?? []), ...groups.flatMap((group) => group.contents ?? [])];
    const shown = contents.find(({ medium, type }) => medium === 'image' || type?.startsWith('image/'));
    return this.whole(thumbnails[0]?.url ?? shown?.url);
  }
}

const text = (written: string | undefined): string | null => (written === undefined || written === '' ? null : written);

function fromRss(item: RssFeed.Item<string>, reader: Reader): FeedEntry {
  const { guid, dc, itunes, media, content } = item;
  const permanent = guid?.isPermaLink !== false && /^https?:/i.test(guid?.value ?? '') ? guid?.value : undefined;
  const atomLink = item.atom?.links?.find(({ rel = 'alternate' }) => rel === 'alternate')?.href;
  const link = reader.whole(item.link ?? atomLink ?? permanent);
  const [person] = item.authors ?? [];
  return {
    id: text(guid?.value) ?? link,
    title: text(item.title ?? dc?.titles?.[0] ?? itunes?.title),
    link,
    published: reader.date(item.pubDate, dc?.dates?.[0], item.atom?.published, item.atom?.updated),
    author: text(dc?.creators?.[0] ?? person?.name ?? person?.email ?? itunes?.author),
    summary: reader.html(item.description ?? itunes?.summary),
    content: reader.html(content?.encoded ?? item.description),
    categories: (item.categories ?? [])
      .flatMap(({ name }) => name ?? [])
      .concat(item.categories ? [] : (dc?.subjects ?? [])),
    updated: reader.date(item.atom?.updated),
    image: reader.whole(itunes?.image) ?? reader.picture(media),
    enclosures: reader.enclosures(item.enclosures, reader.media(media)),
  };
}

function fromRdf(item: RdfFeed.Item<string>, reader: Reader): FeedEntry {
  const { dc, rdf, media, content } = item;
  const link = reader.whole(item.link ?? rdf?.about);
  return {
    id: text(rdf?.about) ?? link,
    title: text(item.title ?? dc?.titles?.[0]),
    link,
    published: reader.date(dc?.dates?.[0]),
    author: text(dc?.creators?.[0]),
    summary: reader.html(item.description ?? dc?.descriptions?.[0]),
    content: reader.html(content?.encoded ?? item.description),
    categories: dc?.subjects ?? [],
    updated: null,
    image: reader.picture(media),
    enclosures: reader.enclosures([], reader.media(media)),
  };
}

function fromAtom(entry: AtomFeed.Entry<string>, reader: Reader): FeedEntry {
  const { links = [], dc, media, content, summary, authors = [] } = entry;
  const link =
    links.find(({ rel = 'alternate' }) => rel === 'alternate') ?? links.find(({ rel }) => rel !== 'enclosure');
  const attached = links
    .filter(({ rel }) => rel === 'enclosure')
    .map(({ href, type, length }) => ({ url: href, type, length }));
  return {
    id: text(entry.id) ?? reader.whole(link?.href),
    title: text(entry.title?.value),
    link: reader.whole(link?.href),
    published: reader.date(entry.published, entry.updated, dc?.dates?.[0]),
    author: text(authors[0]?.name ?? authors[0]?.email ?? dc?.creators?.[0]),
    summary: reader.html(summary?.value),
    content: reader.html(content?.value ?? summary?.value),
    categories: (entry.categories ?? []).flatMap(({ term, label }) => term ?? label ?? []),
    updated: reader.date(entry.updated),
    image: reader.picture(media),
    enclosures: reader.enclosures(attached as { url?: string; type?: string; length?: number }[], reader.media(media)),
  };
}

function fromJson(item: JsonFeed.Item<string>, reader: Reader): FeedEntry {
  const attached = (item.attachments ?? []).map(({ url, mime_type: type, size_in_bytes: length }) => ({
    url,
    type,
    length,
  }));
  return {
    id: text(item.id),
    title: text(item.title),
    link: reader.whole(item.url ?? item.external_url),
    published: reader.date(item.date_published),
    author: text(item.authors?.[0]?.name),
    summary: reader.html(item.summary),
    content: reader.html(item.content_html ?? item.content_text ?? item.summary),
    categories: item.tags ?? [],
    updated: reader.date(item.date_modified),
    image: reader.whole(item.image ?? item.banner_image),
    enclosures: reader.enclosures(attached as { url?: string; type?: string; length?: number }[]),
  };
}
