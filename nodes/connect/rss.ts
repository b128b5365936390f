import * as z from 'zod';
import type { Computation } from '../kit/computation.ts';
import { defineNode } from '../kit/define-node.ts';
import { encoding } from '../kit/encodings.ts';
import { text, toggle, whole } from '../kit/fields.ts';
import { option } from '../kit/unfolding.ts';
import { readFeed } from './feed.ts';
import type { FeedEntry } from './feed.ts';
import { statusFault } from './reply-fault.ts';

const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Snö &amp; is</title><link>https://example.com/1</link><guid>n1</guid>
<pubDate>Thu, 15 Jan 2026 10:00:00 +0100</pubDate><category>weather</category></item>
<item><title><![CDATA[<b>Two</b>]]></title></item></channel></rss>`;

const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Log</title><entry><id>urn:1</id><title>Release 2</title>
<link rel="self" href="https://example.com/self"/><link href="https://example.com/r2"/><updated>2026-01-15T09:00:00Z</updated>
<author><name>Åsa</name></author><category term="release"/></entry></feed>`;

const accept =
  'application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5';

const nothing = {
  id: null,
  title: null,
  link: null,
  published: null,
  author: null,
  summary: null,
  content: null,
  categories: [],
  updated: null,
  image: null,
  enclosures: [],
};

/** The entries of a feed from the top, and the dates that could not be read. */
export const feedEntries: Computation<
  { text: string; address: string; limit?: number | undefined },
  { items: readonly FeedEntry[]; unread: readonly string[] }
> = {
  name: 'feed',
  work: ({ text, address, limit }) => {
    const { entries, unread } = readFeed(text, address);
    return { items: entries.slice(0, limit), unread };
  },
};

export const feed = defineNode({
  type: 'connect.rss',
  version: 2,
  title: 'Read feed',
  icon: 'rss',
  summary: 'Reads an RSS, Atom or JSON feed; each entry becomes an item with the same fields.',
  line: '{{ url }}',
  params: z.object({
    url: text({ title: 'URL', placeholder: 'https://example.com/feed.xml' }),
    limit: whole({ title: 'Limit', description: 'How many entries from the top. Default: all.', min: 1 }).optional(),
    otherHosts: option(
      toggle({
        title: 'Follow redirects to other hosts',
        description: 'To other public hosts, without credentials and cookies.',
      }),
    ).default(true),
    encoding: option(
      encoding({ title: 'Encoding', description: 'Auto: what the feed says, otherwise UTF-8, otherwise detected.' }),
    ),
  }),
  literal: ['otherHosts'],
  leads: 'otherHosts',
  inputs: { in: {} },
  outputs: { entries: {} },
  needs: ['http'],
  effect: 'idempotent',
  each: async ({ params, http, now, log, compute }) => {
    const { url, otherHosts } = params;
    const reply = await http.send({
      method: 'GET',
      url,
      headers: { accept },
      followRedirects: 5,
      ...(otherHosts ? { mayLeaveHost: true } : {}),
    });
    if (reply.status >= 400) throw await statusFault({ method: 'GET', url }, reply, now);
    const { limit } = params;
    const { items, unread } = await compute(feedEntries, {
      text: await reply.text(params.encoding),
      address: reply.url,
      limit,
    });
    if (unread.length > 0)
      log.warn(`${unread.length === 1 ? 'A date' : `${unread.length} dates`} could not be read, such as ${unread[0]}.`);
    return [...items];
  },
  examples: [
    {
      // 10:00 at +01:00 is 09:00 UTC.
      name: 'RSS, with an entry that says little',
      params: { url: 'https://example.com/rss' },
      given: { in: [{}] },
      with: { http: [{ reply: { text: rss } }] },
      gives: {
        entries: [
          {
            ...nothing,
            id: 'n1',
            title: 'Snö & is',
            link: 'https://example.com/1',
            published: '2026-01-15T09:00:00.000Z',
            categories: ['weather'],
          },
          { ...nothing, title: '<b>Two</b>' },
        ],
      },
    },
    {
      name: 'Atom',
      params: { url: '{{ $json.feed }}', limit: 5 },
      given: { in: [{ feed: 'https://example.com/atom' }] },
      with: { http: [{ when: { url: 'https://example.com/atom' }, reply: { text: atom } }] },
      gives: {
        entries: [
          {
            ...nothing,
            id: 'urn:1',
            title: 'Release 2',
            link: 'https://example.com/r2',
            published: '2026-01-15T09:00:00.000Z',
            author: 'Åsa',
            categories: ['release'],
            updated: '2026-01-15T09:00:00.000Z',
          },
        ],
      },
    },
    {
      name: 'A feed without entries',
      params: { url: 'https://example.com/rss' },
      given: { in: [{}] },
      with: { http: [{ reply: { text: '<rss version="2.0"><channel/></rss>' } }] },
      gives: {},
    },
    {
      name: 'A page is no feed',
      params: { url: 'https://example.com/' },
      given: { in: [{}] },
      with: { http: [{ reply: { text: '<html><body>Hello</body></html>' } }] },
      gives: { fault: 'data.invalid' },
    },
  ],
});
