import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readFeed } from '../../nodes/connect/feed.ts';
import type { FeedEntry } from '../../nodes/connect/feed.ts';
import type { BadRow } from '../../nodes/data/csv-rows.ts';
import { printCsv, readCsv } from '../../nodes/data/csv.ts';
import type { CsvReading } from '../../nodes/data/csv.ts';
import { decodeText } from './decode-text.ts';

// Files of the test suites of other libraries, as their packages ship them: read where they lie, none is ours.
const folder = (name: string) => path.resolve(import.meta.dirname, '../../node_modules', name);

const textOf = (file: string) => {
  const bytes = readFileSync(file);
  return decodeText(bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes, { encoding: 'auto' });
};

describe('the feeds of feedparser and rss-parser', () => {
  const address = 'https://feeds.example.com/dir/feed.xml';
  const read = (name: string, file: string) => readFeed(textOf(path.join(folder(name), file)).text, address).entries;
  const fp = (file: string) => read('feedparser-feeds/test/feeds', file);
  const rp = (file: string) => read('rss-parser-feeds/test/input', file);
  const suites = ['feedparser-feeds/test/feeds', 'rss-parser-feeds/test/input'].flatMap((name) =>
    readdirSync(folder(name)).map((file) => [file, name] as const),
  );
  const noFeeds = ['notafeed.html', 'unrecognized.rss'];

  test('are all there', () => expect(suites).toHaveLength(35));

  test.each(suites.filter(([file]) => !noFeeds.includes(file)))(
    '%s: every address is whole, every date is read, no letter is lost',
    (file, name) => {
      const { text } = textOf(path.join(folder(name), file));
      const { entries, unread } = readFeed(text, address);
      expect([entries.length > 0, unread]).toEqual([true, []]);
      const addresses = entries.flatMap(({ link, image, enclosures }) => [
        link,
        image,
        ...enclosures.map(({ url }) => url),
      ]);
      for (const one of addresses) if (one !== null) expect(one).toMatch(/^[a-z][a-z+.-]*:/i);
      // invalid-characters has one of its own, as it came.
      if (!file.startsWith('invalid-characters')) expect(JSON.stringify(entries)).not.toContain('\ufffd');
    },
  );

  test.each(noFeeds)('%s is none', (file) => {
    expect(() => (file.endsWith('html') ? fp(file) : rp(file))).toThrow('This is not an RSS, Atom or JSON feed');
  });

  // What their own tests expect of them.
  test.each<[string, () => readonly FeedEntry[], Partial<FeedEntry>]>([
    [
      'windows-1251, named in its declaration',
      () => fp('iconv.xml'),
      { title: 'В Бузулуке главные стройплощадки – детсад и Ледовый дворец' },
    ],
    [
      'the same, packed',
      () => fp('compressed.xml'),
      { title: 'В Бузулуке главные стройплощадки – детсад и Ледовый дворец', published: '2014-01-22T14:31:31.000Z' },
    ],
    ['latin-1', () => rp('encoding.rss'), { title: 'Mãe de utente é a nova presidente da Raríssimas' }],
    [
      'links relative to where the feed came from',
      () => rp('gulp-atom.atom'),
      { link: 'https://feeds.example.com/gulpjs/gulp/releases/tag/v3.9.0' },
    ],
    ['a prefix for Atom itself', () => fp('complexNamespaceFeed.xml'), { title: 'This is the title' }],
    ['a title that is a number', () => fp('guid-dupes.xml'), { published: '2014-06-19T06:00:00.000Z', title: 'Huh?' }],
    ['RDF', () => rp('rss-1.rss'), { title: 'Food for fungi', published: '2017-06-15T17:29:47.000Z' }],
    ['an entry that says nothing', () => rp('missing-fields.atom'), { title: null, link: null, published: null }],
  ])('%s', (_, entries, first) => {
    expect(entries()[0]).toMatchObject(first);
  });

  test('media and enclosures are there, each once', () => {
    const [entry] = fp('mediacontent-dupes.xml');
    expect(new Set(entry?.enclosures.map(({ url }) => url)).size).toBe(entry?.enclosures.length);
    const episodes = rp('itunes-missing-image.rss');
    expect([episodes.length, episodes.filter(({ enclosures }) => enclosures[0]?.type?.includes('/')).length]).toEqual([
      131, 131,
    ]);
    const xhtml = fp('nondefaultnamespace-xhtml.atom')[0]?.content ?? '';
    expect(xhtml).toContain('<li>');
  });
});

const csv: CsvReading = { delimiter: 'auto', header: true, types: 'text', extra: 'extra' };

describe('the tables of csv-spectrum, Papa Parse and csvtojson', () => {
  // The JSON of location_coordinates is not of its CSV: one object where there is a row, with another number.
  const spectrum = readdirSync(folder('csv-spectrum/csvs'))
    .map((file) => file.replace('.csv', ''))
    .filter((name) => name !== 'location_coordinates');
  test.each(spectrum)('%s gives what csv-spectrum says, and is the same when it is written and read again', (name) => {
    const rows = readCsv(textOf(path.join(folder('csv-spectrum/csvs'), `${name}.csv`)).text, {
      ...csv,
      delimiter: ',',
    });
    const wanted: Record<string, string>[] = JSON.parse(
      readFileSync(path.join(folder('csv-spectrum/json'), `${name}.json`), 'utf8'),
    );
    expect(rows).toEqual(wanted);
    const cells = [Object.keys(wanted[0] ?? {}), ...wanted.map((row) => Object.values(row))];
    const again = printCsv(cells, { delimiter: ';', newline: '\r\n', escapeFormulas: false });
    expect(readCsv(again, csv)).toEqual(wanted);
  });

  const own = (file: string, reading: Partial<CsvReading> = {}) =>
    readCsv(textOf(path.join(folder('csvtojson-samples/test/data'), file)).text, { ...csv, ...reading });

  test.each<[string, Partial<CsvReading>, number, object]>([
    ['dataDiffDelimiter', {}, 2, { annee: '2015029', b_1: '35', devise: 'eur' }],
    ['dataWithPipeAsDelimiter', {}, 2, { date: '2012-02-12', '*omit*id': '2' }],
    ['tabsv', {}, 2, { JournalCode: 'AA', Debit: '34,81' }],
    ['tabsv', { types: 'guess', decimal: ',' }, 2, { Debit: 34.81, Credit: 0, EcritureDate: 20140701 }],
    ['dataWithMultipleLineRow', {}, 1, { aa: 'ss', bb: '12345\n6789,abcde"\nddee' }],
    ['dataWithTripleQoutes', { types: 'guess' }, 4, { Year: 1997, Description: 'ac, abs, moon', Price: '3000.00' }],
    ['dataNoTrimBOM', {}, 2, { name: 'joe', age: '20' }],
    ['noheaderWithVaryColumnNum', { header: ['name', 'age', 'code'] }, 2, { name: 'John', code: 'XXX' }],
    ['pipeAsQuote', { quote: 'none' }, 1, { test: 'blag', extra: [' blah|'] }],
    ['large-utf8.csv', {}, 5290, {}],
  ])('%s of csvtojson, read with %j, has %i rows', (file, reading, count, first) => {
    const rows = own(file, reading).filter((row) => Object.values(row).some((cell) => cell !== ''));
    expect(rows[0]).toMatchObject(first);
    if (file !== 'tabsv' && file !== 'dataDiffDelimiter') expect(rows).toHaveLength(count);
  });

  test('a row with more cells than the header keeps them', () => {
    expect(own('noheaderWithVaryColumnNum', { header: ['name', 'age', 'code'] })[1]).toEqual({
      name: 'Samantha',
      age: '28',
      code: 'YYY',
      extra: ['7'],
    });
  });

  test('a mark at the end of every line is no cell', () => {
    expect(own('trailingComma').every((row) => !('extra' in row))).toBe(true);
  });

  test('quotes that are not closed take only their row with them', () => {
    const bad: BadRow[] = [];
    const rows = own('dataWithUnclosedQuotes', { onBad: (row) => void bad.push(row) });
    expect(bad[0]).toMatchObject({ row: 2, reason: expect.stringContaining('quote') });
    expect(rows.at(-1)).toMatchObject({ UPDATE: 'n' });
    expect(() => own('dataWithUnclosedQuotes')).toThrow('in row 2');
  });

  test('two thousand rows of Papa Parse keep their cells', () => {
    const rows = readCsv(textOf(path.join(folder('papaparse-samples/tests'), 'verylong-sample.csv')).text, csv);
    expect(rows.length).toBeGreaterThan(1990);
    expect(rows[0]).toEqual({ placeholder: 'Lorem ipsum dolor sit', 'meaning of life': '42', TLD: 'ABC' });
  });
});
