import { describe, expect, test } from 'vitest';
import { definitionOf } from '../all.ts';
import { playExample } from '../kit/examples.ts';

const vat = 'price (incl. VAT)';

/** What a node gives, by port. */
async function run(type: string, params: object, given: Record<string, readonly unknown[]>): Promise<unknown> {
  const definition = definitionOf(type)!;
  return (await playExample(definition, { name: 'test', params, given, gives: {} })).gives;
}

describe('a field name with a dot is a name in every data node', () => {
  const items = [
    { [vat]: 10, 'ship.to': 'Oslo' },
    { [vat]: 2.5, 'ship.to': 'Oslo' },
  ];
  test.each<[string, string, object, unknown]>([
    ['Set fields keeps only it', 'data.set', { keep: { only: [vat] } }, { out: [{ [vat]: 10 }, { [vat]: 2.5 }] }],
    ['Set fields drops it', 'data.set', { keep: { except: ['ship.to'] } }, { out: [{ [vat]: 10 }, { [vat]: 2.5 }] }],
    [
      'Set fields writes it, with nothing else kept',
      'data.set',
      { fields: [{ name: 'ship.to', value: 'Bergen' }], keep: 'none' },
      { out: [{ 'ship.to': 'Bergen' }, { 'ship.to': 'Bergen' }] },
    ],
    [
      'Summarize groups by it',
      'data.summarize',
      { by: ['ship.to'], sums: [{ op: 'sum', field: vat, as: 'total' }] },
      { out: [{ 'ship.to': 'Oslo', total: 12.5 }] },
    ],
    [
      'Aggregate lists it',
      'data.aggregate',
      { fields: [{ name: vat }, { name: 'ship.to' }] },
      { out: [{ [vat]: [10, 2.5], 'ship.to': ['Oslo', 'Oslo'] }] },
    ],
    [
      'Aggregate keeps only it',
      'data.aggregate',
      { into: 'rows', include: [vat] },
      { out: [{ rows: [{ [vat]: 10 }, { [vat]: 2.5 }] }] },
    ],
    [
      'Rename gives it another name',
      'data.rename',
      { names: [{ from: 'ship.to', to: 'city' }] },
      {
        out: [
          { [vat]: 10, city: 'Oslo' },
          { [vat]: 2.5, city: 'Oslo' },
        ],
      },
    ],
    ['Sort orders by it', 'data.sort', { by: [{ field: vat }] }, { out: items.toReversed() }],
    ['Remove duplicates compares it', 'data.dedupe', { by: ['ship.to'] }, { kept: [items[0]], dropped: [items[1]] }],
    [
      'Date writes it',
      'data.date',
      { operation: 'parse', value: '20190630', as: 'ship.to', zone: 'UTC' },
      {
        out: items.map((item) => ({ ...item, 'ship.to': '2019-06-30T00:00:00.000Z' })),
      },
    ],
  ])('%s', async (_, type, params, gives) => {
    expect(await run(type, params, { in: items })).toEqual(gives);
  });

  test('Split out puts each entry in the place of its list', async () => {
    const given = { in: [{ 'tags.all': ['a', 'b'], id: 1 }] };
    expect(await run('data.split-out', { field: 'tags.all', carry: 'all' }, given)).toEqual({
      out: [
        { 'tags.all': 'a', id: 1 },
        { 'tags.all': 'b', id: 1 },
      ],
    });
  });

  test('a path or a name can be said in writing', async () => {
    const set = (name: string) => run('data.set', { fields: [{ name, value: 1 }] }, { in: [{ 'a.b': 0 }] });
    expect(await set('$.a.b')).toEqual({ out: [{ 'a.b': 0, a: { b: 1 } }] });
    expect(await set('["c.d"]')).toEqual({ out: [{ 'a.b': 0, 'c.d': 1 }] });
  });
});

describe('sums of money', () => {
  test('0.1 and 0.2 are 0.3, also as text', async () => {
    const sums = [
      { op: 'sum', field: 'n' },
      { op: 'average', field: 'n' },
      { op: 'median', field: 'n' },
    ];
    expect(await run('data.summarize', { sums }, { in: [{ n: 0.1 }, { n: '0.20' }] })).toEqual({
      out: [{ sum_n: 0.3, average_n: 0.15, median_n: 0.15 }],
    });
  });
});

describe('digits read as dates', () => {
  const date = (value: unknown) => run('data.set', { fields: [{ name: 'at', type: 'date', value }] }, { in: [{}] });
  test('Set fields reads compact digits as the Date node and conditions do', async () => {
    expect(await date('20190630070754')).toEqual({ out: [{ at: '2019-06-30T07:07:54.000Z' }] });
    expect(await date(20_190_630)).toEqual({ out: [{ at: '2019-06-30T00:00:00.000Z' }] });
    expect(await date('20')).toEqual({ fault: 'data.invalid' });
    expect(await date('12:30')).toEqual({ fault: 'data.invalid' });
    const where = { left: '20190630070754', op: 'before', right: '2020-01-01' };
    expect(await run('rules.filter', { where }, { in: [1] })).toEqual({ kept: [1] });
  });

  test('a decision table compares dates as instants, however the cell is written', async () => {
    const params = {
      columns: [{ id: 'day', value: '{{ $json.day }}', type: 'date' }],
      rows: [
        { when: { day: '2026-03-01' }, then: { is: 'that day' } },
        { when: { day: { lt: '2026-03-01' } }, then: { is: 'before' } },
      ],
    };
    expect(await run('rules.decision-table', params, { in: [{ day: '20260301' }, { day: '2026-02-28' }] })).toEqual({
      out: [
        { day: '20260301', is: 'that day' },
        { day: '2026-02-28', is: 'before' },
      ],
    });
  });
});
