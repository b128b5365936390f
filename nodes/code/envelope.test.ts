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
