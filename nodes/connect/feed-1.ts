import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { isObject } from '../../flow/document/json.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { readDate } from '../../flow/values/date.ts';

/** One entry of a feed, the same whichever format it came in. What the feed does not say is null. */
export interface FeedEntry {
  readonly id: string | null;
  readonly title: string | null;
  readonly link: string | null;
  readonly published: string | null;
  readonly author: string | null;
  readonly summary: string | null;
  readonly content: string | null;
  readonly categories: readonly string[];
}

// Entities of a document's own are not expanded (billion laughs); values stay text, so that an id of 007 is one.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  processEntities: true,
  htmlEntities: true,
});

/** The entries of an RSS 2.0, RSS 1.0 (RDF) or Atom feed, in its order. Throws `data.invalid` for what is none. */
export function readFeed(xml: string): FeedEntry[] {
  const text = xml.replace(/^\uFEFF/, '').trim();
  if (XMLValidator.validate(text) !== true || /<!ENTITY/i.test(text)) throw notFeed('it is not well-formed XML');
  const document = fields(parser.parse(text));
  const rss = fields(fields(document['rss'])['channel']);
  const rdf = fields(document['rdf:RDF']);
  const atom = fields(document['feed']);
  if ('rss' in document) return listOf(rss['item']).map(fromRss);
  if ('rdf:RDF' in document) return listOf(rdf['item']).map(fromRss);
  if ('feed' in document) return listOf(atom['entry']).map(fromAtom);
  throw notFeed('it is neither RSS nor Atom');
}

const notFeed = (why: string): Fault =>
  new Fault('data.invalid', `This is not an RSS or Atom feed: ${why}.`, {
    mend: 'Check the URL: a site’s feed has its own address.',
    done: 'no',
  });

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (isObject(value) ? value : {});
const listOf = (value: unknown): Fields[] =>
  (value === undefined ? [] : Array.isArray(value) ? value : [value]).map(fields);

function fromRss(item: Fields): FeedEntry {
  const link = text(item['link']) ?? attribute(item, '@rdf:about');
  return {
    id: text(item['guid']) ?? attribute(item, '@rdf:about') ?? link,
    title: text(item['title']),
    link,
    published: instant(text(item['pubDate']) ?? text(item['dc:date'])),
    author: text(item['dc:creator']) ?? text(item['author']),
    summary: text(item['description']),
    content: text(item['content:encoded']) ?? text(item['description']),
    categories: texts(item['category'] ?? item['dc:subject']),
  };
}

function fromAtom(entry: Fields): FeedEntry {
  const links = listOf(entry['link']);
  const link = links.find((candidate) => (candidate['@rel'] ?? 'alternate') === 'alternate') ?? links[0];
  return {
    id: text(entry['id']),
    title: text(entry['title']),
    link: link === undefined ? null : attribute(link, '@href'),
    published: instant(text(entry['published']) ?? text(entry['updated'])),
    author: text(fields(first(entry['author']))['name']),
    summary: text(entry['summary']),
    content: text(entry['content']) ?? text(entry['summary']),
    categories: listOf(entry['category']).flatMap((category) => attribute(category, '@term') ?? []),
  };
}

const first = (value: unknown): unknown => (Array.isArray(value) ? (value[0] as unknown) : value);
const attribute = (element: Fields, name: string): string | null =>
  typeof element[name] === 'string' ? element[name] : null;

function text(value: unknown): string | null {
  const only = first(value);
  const inner = isObject(only) ? only['#text'] : only;
  return typeof inner === 'string' && inner !== '' ? inner : null;
}

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((entry) => text(entry) ?? []);

const instant = (written: string | null): string | null =>
  written === null ? null : (readDate(written, 'utc')?.toUTC().toISO() ?? null);
