import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printCsv, readCsv } from './csv.ts';
import { itemsFromText, textFromItems } from './file-formats.ts';
import type { Reading, Writing } from './file-formats.ts';
import { decodeText } from './text-bytes.ts';

const runs = { numRuns: 200 };
const reading: Reading = { format: 'csv', delimiter: ',', header: true, types: 'text', as: 'text' };
const writing: Writing = {
  format: 'csv',
  delimiter: ',',
  header: true,
  newline: '\n',
  escapeFormulas: false,
  indent: 0,
  field: 'text',
  between: '\n',
};

const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', ' ', '"', '""', ',', ';', '\n', '\r\n', '\r', '\uFEFF', "'", '=1+1', '007', 'null', '\t'),
);

describe('CSV', () => {
  test('what is printed is read again, whatever the cells, the delimiter and the end of lines', () => {
    const tables = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }),
      );
    fc.assert(
      fc.property(
        tables,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n' as const, '\r\n' as const),
        (rows, delimiter, newline) => {
          const text = printCsv(rows, { delimiter, newline, escapeFormulas: false });
          expect(readCsv(text, { delimiter, header: false, types: 'text' })).toEqual(rows);
        },
      ),
      runs,
    );
  });

  test('items with the same fields come back from their own CSV', () => {
    const list = fc.array(fc.record({ a: cell, 'b c': cell, ö: cell }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(list, (items) => {
        expect(itemsFromText(textFromItems(items, writing), reading)).toEqual(items);
      }),
      runs,
    );
  });

  test.each([
    ['a,b\n1,2', 'auto', [{ a: '1', b: '2' }]],
    ['a;b\r\n1;2\r\n', 'auto', [{ a: '1', b: '2' }]],
    ['a\tb\n1\t2', 'auto', [{ a: '1', b: '2' }]],
    ['only\n1\n2', 'auto', [{ only: '1' }, { only: '2' }]],
    ['\uFEFFå,b\n"x\ny","""q"""\n\n', ',', [{ å: 'x\ny', b: '"q"' }]],
    ['a,b\n1\n', ',', [{ a: '1' }]],
    ['', 'auto', []],
    ['a,b\n', ',', []],
  ])('%j is read as %j', (text, delimiter, rows) => {
    expect(readCsv(text, { delimiter, header: true, types: 'text' })).toEqual(rows);
  });

  test('guessing leaves alone what only looks like a number', () => {
    const text = '007,1e5,12.50,-3,true,,12345678901234567890,1.0\n';
    expect(readCsv(text, { delimiter: ',', header: false, types: 'guess' })).toEqual([
      ['007', '1e5', '12.50', -3, true, null, '12345678901234567890', '1.0'],
    ]);
  });

  test('says which row has too many cells, and refuses a column through which a prototype could be reached', () => {
    const read = (text: string) => () => readCsv(text, { delimiter: ',', header: true, types: 'text' });
    expect(read('a,b\n1,2\n1,2,3')).toThrow('row 3 has 3 cells');
    expect(read('a,__proto__\n1,2')).toThrow('No field may be called');
    expect(read(`${'a,'.repeat(20_000)}\n1`)).toThrow('more than 10000 columns');
  });
});

describe('JSON', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue().filter((value) => !/\d{16}/.test(JSON.stringify(value)))),
        fc.nat(4),
        (items, indent) => {
          const text = textFromItems(items, { ...writing, format: 'json', indent });
          expect(itemsFromText(text, { ...reading, format: 'json' })).toEqual(JSON.parse(JSON.stringify(items)));
        },
      ),
      runs,
    );
  });

  test.each([
    ['{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
    ['[1,12345678901234567890]', [1, '12345678901234567890']],
    ['\uFEFF{"a":null}', [{ a: null }]],
    ['"one"', ['one']],
  ])('%j holds the items %j', (text, items) => {
    expect(itemsFromText(text, { ...reading, format: 'json' })).toEqual(items);
  });

  test('says in which line JSON lines are broken', () => {
    expect(() => itemsFromText('{"a":1}\n{"a":}\n', { ...reading, format: 'json' })).toThrow('JSON in line 2');
    expect(() => itemsFromText('{"a":', { ...reading, format: 'json' })).toThrow('JSON: ');
  });
});

describe('text in bytes', () => {
  test('is what the platform’s own decoder says, for any bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
      fc
        .array(fc.constantFrom(0xc0, 0xe0, 0xed, 0xef, 0xbb, 0xbf, 0xf0, 0xf4, 0x80, 0x90, 0xa0, 0x9f, 0x8f, 0x41))
        .map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(bytes, (list) => {
        fc.pre(!(list[0] === 0xff && list[1] === 0xfe));
        expect(decodeText(list)).toBe(new TextDecoder('utf-8').decode(list));
        expect(decodeText(list, 'windows-1252')).toBe(new TextDecoder('windows-1252').decode(list));
        const even = list.subarray(0, list.length & ~1);
        expect(decodeText(even, 'utf-16le')).toBe(new TextDecoder('utf-16le').decode(even));
      }),
      { numRuns: 1_000 },
    );
  });

  test('may be long', () => {
    const text = 'å🎈x'.repeat(50_000);
    expect(decodeText(new TextEncoder().encode(text)) === text).toBe(true);
  });

  test('in UTF-16 is told by its mark', () => {
    expect(decodeText(Uint8Array.from([0xff, 0xfe, 0xe5, 0x00]))).toBe('å');
  });
});
