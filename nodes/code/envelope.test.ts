import { expect, test } from 'vitest';
import { definitionOf } from '../all.ts';
import { playExample } from '../kit/examples.ts';

async function said(returned: unknown, mode: 'all' | 'each' = 'all') {
  const played = await playExample(definitionOf('code.javascript')!, {
    name: 'test',
    params: { code: 'return 1;', mode },
    given: { in: [{ n: 1 }] },
    with: { code: () => returned },
    gives: {},
  });
  return played.world.logs.map(({ text }) => text);
}

test('code that returns items as n8n has them is told what to return here', async () => {
  const hint = 'Each item came out with all its fields under json. Return the item itself: return';
  expect(await said([{ json: { total: 1 } }])).toEqual([`${hint} [{ total: 1 }]`]);
  expect(await said({ json: { total: 1 }, pairedItem: { item: 0 } })).toEqual([`${hint} { total: 1 }`]);
  expect(await said([{ json: { 'odd name': 1 } }])).toEqual([`${hint} [{ … }]`]);
  expect(await said([{ json: { total: 1 } }], 'each')).toEqual([`${hint} { total: 1 }`]);
});

test('an item that has a field json among others is left alone, and so is one whose json is text', async () => {
  for (const returned of [
    [{ json: { a: 1 }, id: 2 }],
    [{ json: '{"a":1}' }],
    [{ json: { a: 1 } }, { b: 1 }],
    [],
    undefined,
  ])
    expect(await said(returned)).toEqual([]);
});

async function ran(code: string, fake: unknown, items: readonly unknown[] = [{ n: 1 }]) {
  const played = await playExample(definitionOf('code.javascript')!, {
    name: 'test',
    params: { code },
    given: { in: [...items] },
    with: { code: fake as never },
    gives: {},
  });
  const { fault } = played as { fault?: { mend?: string } };
  return fault?.mend ?? played.world.logs.map(({ text }) => text)[0];
}
const threw = { fault: 'code.threw', message: 'TypeError: no' };

test.each([
  ['return $input.all().map((i) => ({ n: i.json.n }));', 'write item.n instead of item.json.n.'],
  ['return items[0].json.total', 'write item.total instead of item.json.total.'],
  ['return $input.first().json', 'write item instead of item.json.'],
  ['for (const item of items) item?.json?.n', 'write item.n instead of item.json.n.'],
])('%s is told that items have no json here, whether it throws or gives nothing', async (code, words) => {
  for (const fake of [threw, () => []]) expect(await ran(code, fake)).toBe(`Items have no json here: ${words}`);
});

test.each([
  ['return $json.n', [{ n: 1 }]],
  ['return items[0].json.n', [{ json: { n: 1 } }]],
  ["return $node['a'].json.n", [{ n: 1 }]],
  ['return (await response.json()).n', [{ n: 1 }]],
  ['return { json: $json.json }', [{ n: 1 }]],
])('%s is told nothing of the kind', async (code, items) => {
  expect(await ran(code, () => [], items)).toBeUndefined();
});
