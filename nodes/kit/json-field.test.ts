import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { brokenAt } from '../../flow/values/broken-json.ts';
import { definitionOf } from '../all.ts';
import { playExample } from './examples.ts';
import { readJson } from '../../flow/values/json-text.ts';

async function sent(json: unknown, item: unknown): Promise<unknown> {
  const http = [{ when: {}, reply: { json: { ok: true } } }];
  const params = { method: 'POST', url: 'https://api.example.com/', json };
  const played = await playExample(definitionOf('connect.http-request')!, {
    name: 'test',
    params,
    given: { in: [item] },
    with: { http },
    gives: {},
  });
  return played.fault ?? JSON.parse(String(played.world.sent[0]?.body));
}

async function set(json: unknown, item: unknown): Promise<unknown> {
  const played = await playExample(definitionOf('data.set')!, {
    name: 'test',
    params: { json, keep: 'none' },
    given: { in: [item] },
    gives: {},
  });
  return played.fault ?? (played.gives as { out: unknown[] }).out[0];
}

describe.each([
  ['HTTP request', sent],
  ['Set fields', set],
])('JSON written as text in %s', (_, run) => {
  test.each<[string, unknown, unknown, unknown]>([
    ['an expression among it', '{"n": {{ $json.n }}}', { n: 5 }, { n: 5 }],
    ['an expression within quotes', '{"to": "{{ $json.to }}"}', { to: 'Åsa' }, { to: 'Åsa' }],
    ['white space and line ends', ' {\n "n": {{ $json.n }}\n}\n', { n: null }, { n: null }],
    [
      'nothing, with and without quotes',
      '{"a": "{{ $json.x }}", "b": [{{ $json.x }}, {{ $json.y }} ]}',
      {},
      { a: '', b: [null, null] },
    ],
    ['an object put in whole', '{"o": {{ $json.o }}}', { o: { a: [1] } }, { o: { a: [1] } }],
    ['text made by JSON.stringify', '{{ JSON.stringify({ a: 1 }) }}', {}, { a: 1 }],
    ['no expression at all', '{"a": 1}', {}, { a: 1 }],
    ['an object as such', { a: '{{ $json.n }}' }, { n: 5 }, { a: 5 }],
    [
      'digits that no number holds',
      '{"id": {{ $json.id }}}',
      { id: '120219279256800279' },
      { id: '120219279256800279' },
    ],
  ])('%s', async (_name, json, item, expected) => {
    const made = await run(json, item);
    expect(made).toEqual(expected);
  });

  test('a quote in a value that broke it is named, with what to write', async () => {
    const fault = await run('{"title": "{{ $json.title }}",\n "n": 1}', { title: 'the "best" one' });
    expect(fault).toMatchObject({
      code: 'params.invalid',
      message: expect.stringContaining('line 1, column 17'),
      mend: expect.stringContaining('JSON.stringify'),
    });
  });

  test('the field is called as in its form, what is wrong stands where a line is not cut yet, and one expression needs no quotes', async () => {
    const fault = await run('{ "id": {{ $json.id }}, "note": "and then a long text that nobody reads" }', {
      id: 'A-1',
    });
    expect(fault).toMatchObject({
      message: expect.stringMatching(
        /^JSON (body|template) is not valid JSON at line 1, column 9: “\{ "id": A-1, "note": "and then a lon…”\./,
      ),
      mend: expect.stringContaining('{{ { id: $json.id } }}'),
    });
  });

  test('a bracket that the author forgot is not blamed on a value', async () => {
    const fault = await run('{"a": [{{ $json.n }},\n "b"}', { n: 1 });
    expect(fault).toMatchObject({
      message: expect.stringContaining('line 2, column 5'),
      mend: expect.stringContaining('brackets'),
    });
  });
});

test('a text that one expression gives stays text, unless it is an object or a list', async () => {
  expect(await sent('{{ $json.zip }}', { zip: '01234' })).toBe('01234');
  expect(await sent('{{ $json.zip }}', { zip: '5' })).toBe('5');
  expect(await sent('{{ $json.list }}', { list: '[1]' })).toEqual([1]);
});

test('a scan stops where JSON stops, at no place that JSON.parse would have passed', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom('"', ',', '}', ']', 'x', '\n', ':'), (text, where, sign) => {
      expect(brokenAt(text)).toBe(text.length);
      const at = where % (text.length + 1);
      const broken = text.slice(0, at) + sign + text.slice(at);
      const read = readJson([{ text: broken, isFilled: false }]);
      if (!read.ok) expect(brokenAt(broken)).toBeLessThanOrEqual(broken.length);
      else expect(brokenAt(broken)).toBe(broken.length);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['{"a": 1', 7],
  ['{"n": }', 6],
  ['{"a":1,}', 7],
  ['[1,2', 4],
  ['[,1]', 1],
  ['{"a": "x\ny"}', 8],
  ['{a:1}', 1],
  ['01', 0],
  ['[1] x', 4],
  ['{"a" 1}', 5],
])('%j is broken at %i', (text, at) => {
  expect(brokenAt(text)).toBe(at);
});
