import { expect, test } from 'vitest';
import { readFeed } from './feed-1.ts';

test('RSS 1.0: the items stand beside the channel', () => {
  const rdf = `<?xml version="1.0"?><rdf:RDF xmlns:rdf="r"><channel/><item rdf:about="https://e.com/1"><title>One</title>
    <dc:date>2026-01-15</dc:date><dc:creator>Åsa</dc:creator><dc:subject>a</dc:subject><dc:subject>b</dc:subject></item></rdf:RDF>`;
  expect(readFeed(rdf)).toEqual([
    {
      id: 'https://e.com/1',
      title: 'One',
      link: 'https://e.com/1',
      published: '2026-01-15T00:00:00.000Z',
      author: 'Åsa',
      summary: null,
      content: null,
      categories: ['a', 'b'],
    },
  ]);
});

test('numbers stay text, and what is no date is null', () => {
  const [entry] = readFeed(
    '<rss><channel><item><guid isPermaLink="false">007</guid><title>1.50</title><pubDate>yesterday</pubDate></item></channel></rss>',
  );
  expect(entry).toMatchObject({ id: '007', title: '1.50', published: null });
});

test.each([
  ['text', 'hello'],
  ['nothing', ''],
  ['a broken document', '<rss><channel>'],
  ['a page', '<html/>'],
  [
    'entities of its own',
    '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',
  ],
])('%s is refused', (_, xml) => {
  expect(() => readFeed(xml)).toThrow(expect.objectContaining({ code: 'data.invalid' }));
});
