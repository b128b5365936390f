import { expect, test } from 'vitest';
import { completionsAt, referencesTo } from './completions.ts';

const samples = {
  items: [{ total: 10, shipTo: { city: 'Bern' }, lines: [{ net: 4 }], 'odd name': 1 }],
  outputs: new Map([['hook', [{ id: 1, sku: 'A1' }]]]),
  zone: 'UTC',
  workflow: { id: 'w', name: 'W' },
  now: 0,
};
/** The caret stands at `|`. */
const at = (marked: string) => {
  const caret = marked.indexOf('|');
  return completionsAt(marked.replace('|', ''), caret, samples, 0).map(({ text }) => text);
};

test.each([
  ['{{ $json.|', ['total', 'shipTo', 'lines']],
  ['{{ $json.sh| }}', ['shipTo']],
  ['{{ 1 + $json.shipTo.| }}', ['city']],
  ["{{ $('|", ["hook').item."]],
  ["{{ $('hook').item.s|", ['sku']],
  ['{{ $j|', ['$json.']],
])('%s offers what the data has', (marked, first) => {
  expect(at(marked).slice(0, first.length)).toEqual(first);
});

test('methods are those of the kind that the sample has', () => {
  expect(at('{{ $json.lines.ma|')).toContain('map()');
  expect(at('{{ $json.lines.map((l) => l.net).su|')).toContain('sum()');
  expect(at('{{ $json.shipTo.city.toUpper|')).toContain('toUpperCase()');
  expect(at('{{ $json.total.toFi|')).toContain('toFixed()');
});

test('outside of an expression, and for what is not there, nothing is offered', () => {
  expect([at('Total $json.|'), at('{{ $json.total }} and $json.|'), at('{{ $json.missing.|'), at('{{ (((.|')]).toEqual([
    [],
    [],
    [],
    [],
  ]);
});

test('what lies around a node can be chosen from a list', () => {
  expect(referencesTo(samples).map(({ text }) => text)).toEqual([
    '$json.total',
    '$json.shipTo',
    '$json.shipTo.city',
    '$json.lines',
    '$json["odd name"]',
    "$('hook').item.id",
    "$('hook').item.sku",
  ]);
});
