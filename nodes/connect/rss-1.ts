import * as z from 'zod';
import type { Computation } from '../kit/computation.ts';
import { defineNode } from '../kit/define-node.ts';
import { text, whole } from '../kit/fields.ts';
import { readFeed } from './feed-1.ts';
import type { FeedEntry } from './feed-1.ts';
import { statusFault } from './reply-fault.ts';

const rss = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Snö &amp; is</title><link>https://example.com/1</link><guid>n1</guid>
<pubDate>Thu, 15 Jan 2026 10:00:00 +0100</pubDate><category>weather</category></item>
<item><title><![CDATA[<b>Two</b>]]></title></item></channel></rss>`;

const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Log</title><entry><id>urn:1</id><title>Release 2</title>
<link rel="self" href="https://example.com/self"/><link href="https://example.com/r2"/><updated>2026-01-15T09:00:00Z</updated>
<author><name>Åsa</name></author><category term="release"/></entry></feed>`;

const nothing = {
  id: null,
  title: null,
  link: null,
  published: null,
  author: null,
  summary: null,
  content: null,
  categories: [],
};

/** The entries of a feed as version 1 read them. */
export const feedEntries1: Computation<{ text: string; limit?: number | undefined }, { items: readonly FeedEntry[] }> =
  {
    name: 'feed-1',
    work: ({ text, limit }) => ({ items: readFeed(text).slice(0, limit) }),
  };

/** Version 1, for what was published with it: its reader refuses feeds that are not well-formed, and knows fewer dates and fields. */
export const feed1 = defineNode({
  type: 'connect.rss',
  version: 1,
  title: 'Read feed',
  icon: 'rss',
  summary: 'Reads an RSS or Atom feed; each entry becomes an item with the same fields.',
  line: '{{ url }}',
  params: z.object({
    url: text({ title: 'URL', placeholder: 'https://example.com/feed.xml' }),
    limit: whole({ title: 'Limit', description: 'How many entries from the top. Default: all.', min: 1 }).optional(),
  }),
  inputs: { in: {} },
  outputs: { entries: {} },
  needs: ['http'],
  effect: 'idempotent',
  each: async ({ params, http, now, compute }) => {
    const accept = 'application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9';
    const reply = await http.send({ method: 'GET', url: params.url, headers: { accept }, followRedirects: 5 });
    if (reply.status >= 400) throw await statusFault({ method: 'GET', url: params.url }, reply, now);
    const { items } = await compute(feedEntries1, { text: await reply.looseText(), limit: params.limit });
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
