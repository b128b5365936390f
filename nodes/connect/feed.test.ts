import { describe, expect, test } from 'vitest';
import { feedDate } from './feed-date.ts';
import { readFeed } from './feed.ts';

const rss = (item: string, channel = '') =>
  `<rss version="2.0"><channel><title>t</title>${channel}<item>${item}</item></channel></rss>`;
const first = (xml: string, address = 'https://feeds.example.com/dir/a.xml') => readFeed(xml, address).entries[0];

describe('feeds as they really are', () => {
  test('one ampersand in a title does not refuse the feed', () => {
    expect(first(rss('<title>Fish & chips</title><link>https://e.com/?a=1&b=2</link>'))).toMatchObject({
      title: 'Fish & chips',
      link: 'https://e.com/?a=1&b=2',
    });
  });

  test.each([
    [
      'of RSS, to its site',
      rss('<link>/1</link>', '<link>https://site.example.com/blog/</link>'),
      'https://site.example.com/1',
    ],
    ['of RSS, to where it came from', rss('<link>../1</link>'), 'https://feeds.example.com/1'],
    [
      'of Atom, to xml:base of the entry',
      '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://e.com/b/"><title>t</title><entry xml:base="c/"><id>1</id><title>x</title><link href="2"/></entry></feed>',
      'https://e.com/b/c/2',
    ],
    ['without a scheme', rss('<link>//other.example.com/1</link>'), 'https://other.example.com/1'],
  ])('links are made whole: %s', (_, xml, link) => {
    expect(first(xml)?.link).toBe(link);
  });

  test('links and pictures inside of its HTML are made whole, too', () => {
    const html =
      '<![CDATA[<a href="/x">x</a> <img alt="" src=\'p.png\'> <a href="#y">y</a> <a href="mailto:a@e.com">z</a>]]>';
    expect(first(rss(`<description>${html}</description>`))?.summary).toBe(
      '<a href="https://feeds.example.com/x">x</a> <img alt="" src=\'https://feeds.example.com/dir/p.png\'> <a href="#y">y</a> <a href="mailto:a@e.com">z</a>',
    );
  });

  test('xhtml content keeps its elements, and any prefix is read', () => {
    const xml = `<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:h="http://www.w3.org/1999/xhtml"><a:title>t</a:title><a:entry><a:id>1</a:id>
      <a:title>x</a:title><a:content type="xhtml"><h:div><h:p>One <h:i>two</h:i></h:p></h:div></a:content></a:entry></a:feed>`;
    expect(first(xml)?.content).toBe('<p>One <i>two</i></p>');
  });

  test('enclosures and media come with type and size', () => {
    const item = `<enclosure url="/a.mp3" length="12" type="audio/mpeg"/><m:content xmlns:m="http://search.yahoo.com/mrss/" url="/v.mp4" type="video/mp4" fileSize="9"/>
      <m:thumbnail xmlns:m="http://search.yahoo.com/mrss/" url="/t.jpg"/>`;
    expect(first(rss(item))).toMatchObject({
      enclosures: [
        { url: 'https://feeds.example.com/a.mp3', type: 'audio/mpeg', length: 12 },
        { url: 'https://feeds.example.com/v.mp4', type: 'video/mp4', length: 9 },
      ],
      image: 'https://feeds.example.com/t.jpg',
    });
  });

  test('a JSON feed is one, too', () => {
    const json = {
      version: 'https://jsonfeed.org/version/1.1',
      title: 't',
      items: [{ id: '1', url: '/a', content_text: 'hej', date_published: '2026-01-15T10:00:00+01:00' }],
    };
    expect(first(JSON.stringify(json))).toMatchObject({
      id: '1',
      link: 'https://feeds.example.com/a',
      content: 'hej',
      published: '2026-01-15T09:00:00.000Z',
    });
  });

  test('a date that nobody can read is null, and is told of', () => {
    expect(readFeed(rss('<title>x</title><pubDate>next Tuesday</pubDate>'))).toMatchObject({
      entries: [{ published: null }],
      unread: ['next Tuesday'],
    });
  });

  test.each([
    ['nothing', '', 'it is empty'],
    ['a page', '<!DOCTYPE html><html><body>x</body></html>', 'it is a web page'],
    ['other XML', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'neither'],
    ['other JSON', '{"a":1}', 'neither'],
  ])('%s says what it is', (_, text, words) => {
    expect(() => readFeed(text)).toThrow(words);
  });

  test('a page says which feed it has', () => {
    const page = (link: string) => `<!doctype html><html><head><link rel="icon" href="/i.png">${link}</head></html>`;
    for (const link of [
      '<link rel="alternate" type="application/rss+xml" title="a" href="https://e.com/feed">',
      "<LINK href='https://e.com/feed'\n  TYPE = 'application/atom+xml'/>",
    ])
      expect(() => readFeed(page(link))).toThrow(
        expect.objectContaining({ mend: expect.stringContaining('https://e.com/feed') }),
      );
  });

  // 24 kB of the first took 4 s, 64 kB of the second 0.9 s.
  test.each([
    ['links that never end', "<link type='application/rss+xml'", 24_000],
    ['links that end nowhere', '<link ', 128_000],
    ['beginnings', '<rss ', 128_000],
    ['ends', '</rss ', 128_000],
    ['prefixes', '<aaaa', 128_000],
  ])('%s, very many, are told to be no feed in time that grows with their length', (_, piece, length) => {
    const text = piece.repeat(length / piece.length);
    const began = process.threadCpuUsage();
    expect(() => readFeed(text)).toThrow('This is not');
    expect(process.threadCpuUsage(began).user).toBeLessThan(500_000);
  });

  test('entities of a document’s own are not expanded', () => {
    const bomb = `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${rss('<title>&b;</title>')}`;
    expect(JSON.stringify(first(bomb) ?? null)).not.toContain('aaaaaaaaaa');
  });
});

test.each([
  ['Fri, 19 Nov 2021 01:45:08 +02:00', '2021-11-18T23:45:08.000Z'],
  ['Mon, May 25 2020 04:45:26 +0000', '2020-05-25T04:45:26.000Z'],
  ['Mon, 25 May 2020 04:45:26 UTC', '2020-05-25T04:45:26.000Z'],
  ['Mon, 25 May 2020 04:45:26 CET', '2020-05-25T03:45:26.000Z'],
  ['Wed, 02 Oct 2002 15:00:00 +0200 (CEST)', '2002-10-02T13:00:00.000Z'],
  ['Mon May 25 04:45:26 PDT 2020', '2020-05-25T11:45:26.000Z'],
  ['Sunday, 5 March 2023 7:05 PM PST', '2023-03-06T03:05:00.000Z'],
  ['15 Jan 26 09:00 EST', '2026-01-15T14:00:00.000Z'],
  ['Mon,25 May 2020 04:45:26 Z', '2020-05-25T04:45:26.000Z'],
  ['Fri, 19 Nov 2021 01:45:08 GMT+2', '2021-11-18T23:45:08.000Z'],
  ['May 5, 2021', '2021-05-05T00:00:00.000Z'],
  ['2026-01-15', '2026-01-15T00:00:00.000Z'],
  ['2026-01-15 09:00:00', '2026-01-15T09:00:00.000Z'],
  ['2026-1-5 9:00:00 +0200', '2026-01-05T07:00:00.000Z'],
  ['2005-07-31 12:29:29 UTC', '2005-07-31T12:29:29.000Z'],
  ['2003-12-13T18:30:02.25+01:00', '2003-12-13T17:30:02.250Z'],
  ['1590381926', '2020-05-25T04:45:26.000Z'],
  ['Wed, 30 Feb 2022 10:00:00 GMT', null],
  ['1 Foo 2020', null],
  ['01/02/2020', null],
  ['yesterday', null],
  ['', null],
])('the date %j is %j', (written, read) => {
  expect(feedDate(written)).toBe(read);
});
