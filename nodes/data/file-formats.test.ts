import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printCsv, readCsv } from './csv.ts';
import { Budget } from '../../flow/facts/budget.ts';
import { itemsFromText, textFromItems, withFields } from './file-formats.ts';
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

  test('items with the same fields come back from their own CSV', async () => {
    const list = fc.array(fc.record({ a: cell, 'b c': cell, ö: cell }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(list, async (items) => {
        expect(itemsFromText(await textFromItems(items, writing), reading)).toEqual(items);
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
  test('what is written is read again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue().filter((value) => !/\d{16}/.test(JSON.stringify(value)))),
        fc.nat(4),
        async (items, indent) => {
          const text = await textFromItems(items, { ...writing, format: 'json', indent });
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

describe('many items', () => {
  const items = Array.from({ length: 1_000 }, (_, n) => ({
    n,
    text: n % 3 === 0 ? '' : `line ${n}\n"`,
    deep: { n: [n] },
  }));
  const rested = async (how: Partial<Writing>, list: readonly unknown[] = items) => {
    let rests = 0;
    const text = await textFromItems(list, { ...writing, ...how }, () => void rests++);
    return { text, rests };
  };

  test.each([0, 2])('are printed as JSON in pieces, as they would be at once, with an indent of %i', async (indent) => {
    const { text, rests } = await rested({ format: 'json', indent });
    expect(text).toBe(JSON.stringify(items, null, indent));
    expect(rests).toBeGreaterThan(10);
  });

  test('are printed as CSV and as text in pieces', async () => {
    const rows = items.map(({ n, text, deep }) => [n, text, deep]);
    const csv = await rested({ format: 'csv' });
    expect(csv.text).toBe(printCsv([['n', 'text', 'deep'], ...rows], writing));
    expect(csv.rests).toBeGreaterThan(10);
    const lines = await rested({ format: 'text', between: '|' });
    expect(lines.text).toBe(items.map(({ text }) => text).join('|'));
    expect(lines.rests).toBeGreaterThan(10);
  });

  test('and long ones one by one', async () => {
    const long = items.slice(0, 10).map(({ n }) => ({ n, text: 'x'.repeat(100_000) }));
    expect((await rested({ format: 'json' }, long)).rests).toBe(10);
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

describe('CSV as banks and shops write it', () => {
  const read = (text: string, more: Partial<Parameters<typeof readCsv>[1]> = {}) =>
    readCsv(text, { delimiter: 'auto', header: true, types: 'guess', extra: 'extra', ...more });

  test('rows with more delimiters than the header are read: what is beyond is kept, nothing beyond is nothing', () => {
    expect(read('a;b\n1;2;\n3;4;x;y\n')).toEqual([
      { a: 1, b: 2 },
      { a: 3, b: 4, extra: ['x', 'y'] },
    ]);
    expect(read('extra;b\n1;2;3\n')).toEqual([{ extra: 1, b: 2, extra_2: [3] }]);
  });

  test('lines before the header are skipped, whatever quotes they hold', () => {
    expect(read('Konto "Giro\r\n\r\na;b\r\n1;2\r\n', { skipLines: 2 })).toEqual([{ a: 1, b: 2 }]);
  });

  test('quotes may be letters, or single ones', () => {
    expect(read('a,b\n5" pipe,"x\n', { quote: 'none' })).toEqual([{ a: '5" pipe', b: '"x' }]);
    expect(read("a,b\n'1,5',2\n", { quote: "'" })).toEqual([{ a: '1,5', b: 2 }]);
  });

  test('a bad row is taken aside and the rest is read; rows count as a spreadsheet shows them, everywhere', () => {
    const bad: unknown[] = [];
    const text = 'title\n\na,b\n1,2\n\n"x"y,3\n"two\nlines",4\n"open,5\n6,7\n';
    expect(read(text, { skipLines: 2, onBad: (row) => void bad.push(row) })).toEqual([
      { a: 1, b: 2 },
      { a: 'two\nlines', b: 4 },
      { a: 6, b: 7 },
    ]);
    expect(bad).toMatchObject([
      { row: 6, cells: ['"x"y', '3'] },
      { row: 8, cells: ['"open', '5'] },
    ]);
    expect(() => read(text, { skipLines: 2 })).toThrow('in row 6');
    expect(() => read('title\n\na,b\n1,2\n\n3,4,5\n', { skipLines: 2, extra: undefined })).toThrow('row 6 has 3 cells');
    expect(() => read(`a,b\n${'"x"y,1\n'.repeat(102)}`, { onBad: () => {} })).toThrow('in row 102');
  });

  test.each([
    ['1.234,50', 1234.5],
    ['-0,5', -0.5],
    ['1 234 567,89', 1_234_567.89],
    ['7,00', 7],
    ['1.5', '1.5'],
    ['1.234', 1234],
    ['12.34.56', '12.34.56'],
    ['007,5', '007,5'],
    ['123456789012345678,5', '123456789012345678,5'],
  ])('with a comma before decimals %s is %j', (cell, value) => {
    expect(read(`a;b\n${cell};x\n`, { decimal: ',' })).toEqual([{ a: value, b: 'x' }]);
  });

  test.each(['1.10', '0.0', '120219279256800279', '007', '1e5', '-0', '59.3293371234567890', '+1', '.5'])(
    'guessing keeps the digits of %s',
    (cell) => {
      expect(read(`a,b\n${cell},x\n`)).toEqual([{ a: cell, b: 'x' }]);
    },
  );

  test('a negative number is no formula', () => {
    const text = printCsv([[-12.5, '=1+1', '-1+1', '+46 70', '-3']], {
      delimiter: ';',
      newline: '\n',
      escapeFormulas: true,
      decimal: ',',
    });
    expect(text).toBe('-12,5;"\'=1+1";"\'-1+1";"\'+46 70";-3\n');
  });
});

test('rows get the fields of their item in pieces, and no more than the budget of their stage holds', async () => {
  const budget = new Budget({ ms: 1_000, bytes: 100_000, items: 1_000 }, () => 0);
  const rows = [{ a: 1 }, 2, { b: 3 }];
  let rests = 0;
  const rest = () => void (rests += 1);
  expect(await withFields(rows, { a: 0, c: 1 }, { budget, rest })).toEqual([{ a: 1, c: 1 }, 2, { a: 0, b: 3, c: 1 }]);
  expect(rests).toBe(3);
  const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`k${at}`, at]));
  const many = Array.from({ length: 1_000 }, (_, n) => ({ n }));
  await expect(withFields(many, wide, { budget, rest })).rejects.toMatchObject({ code: 'stage.limit' });
  expect(rests).toBeLessThan(30);
});
