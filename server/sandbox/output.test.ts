import { expect, test } from 'vitest';
import { turnsOf } from '../text/testing/turns-of.ts';
import { receive } from './output.ts';

const rows = Array.from({ length: 100_000 }, (_, n) => ({ n, name: `Name ${n}`, list: [n, { of: [n] }] }));

test('a hundred thousand items that code returned are read in turns: they held the server for 274 ms', async () => {
  const text = JSON.stringify(rows);
  expect(await turnsOf(() => receive(text))).toBeGreaterThan(5);
  expect(JSON.stringify(await receive(text))).toBe(`{"value":${text}}`);
});

test('what is large is refused as what is small', async () => {
  const fill = 'x'.repeat(300_000);
  const nested = (depth: number) => `${'['.repeat(depth)}"${fill}"${']'.repeat(depth)}`;
  const bad = [
    nested(70),
    nested(4_000_000),
    `[{"a":{"__proto__":{"x":1}}},"${fill}"]`,
    `["${fill}",{"constructor":{"prototype":{"x":1}}}]`,
    `["${fill}",`,
    `${nested(1)}]`,
  ];
  const whys = [];
  for (const text of bad) whys.push(await receive(text));
  expect(whys).toMatchObject(
    [/deeper than 64/, /deeper than 64/, /__proto__/, /constructor/, /not JSON/, /not JSON/].map((message) => ({
      fault: { code: 'code.bad-output', message: expect.stringMatching(message) as string },
    })),
  );
  expect(Reflect.get({}, 'x')).toBeUndefined();
  expect(await receive(nested(64))).toHaveProperty('value');
});

test('an object of a hundred thousand keys comes in with all of them', async () => {
  const wide = Object.fromEntries(rows.map(({ n, name }) => [`key ${n}`, name]));
  const received = await receive(JSON.stringify(wide));
  expect('value' in received && Object.keys(received.value as object)).toHaveLength(rows.length);
});
