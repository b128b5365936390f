import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { AnyNode } from '../nodes/kit/define-node.ts';
import { cardOf } from '../nodes/kit/card.ts';
import { playExample, promised } from '../nodes/kit/examples.ts';
import { listed, nodeSource, partsOf } from './new-node.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'new-node-'));
afterAll(() => rm(folder, { recursive: true }));

test('a new node passes the tests of nodes as it is made', async () => {
  const root = path.resolve(import.meta.dirname, '..');
  const here = nodeSource('data', 'word-count')
    .replaceAll("'../kit/", `'${path.join(root, 'nodes/kit')}/`)
    .replace("'zod'", `'${path.join(root, 'node_modules/zod/index.js')}'`);
  const file = path.join(folder, 'word-count.ts');
  await writeFile(file, here);
  const made = (await import(pathToFileURL(file).href)) as { wordCount: AnyNode };
  const node = made.wordCount;
  expect(cardOf(node)).toMatchObject({ type: 'data.word-count', title: 'Word count', family: 'etl' });
  expect(node.examples).toHaveLength(3);
  for (const example of node.examples) expect((await playExample(node, example)).gives).toEqual(promised(example));
});

test('it is listed once, its import in order, whichever its place', async () => {
  const all = await readFile(path.resolve(import.meta.dirname, '../nodes/all.ts'), 'utf8');
  for (const [family, name, symbol] of [
    ['ai', 'summon', 'summon'],
    ['data', 'word-count', 'wordCount'],
    ['start', 'zap', 'zap'],
  ] as const) {
    const after = listed(all, family, name);
    expect(after.split(`import { ${symbol} } from './${family}/${name}.ts';`)).toHaveLength(2);
    expect(after).toMatch(new RegExp(`  ${symbol},\\n\\];`));
    const imports = [...after.matchAll(/^import .* from '\.\/([^']+)';$/gm)].map((found) => found[1]);
    expect(imports).toEqual(imports.toSorted());
    expect(after.split('\n').length).toBe(all.split('\n').length + 2);
  }
});

test.each([undefined, 'data', 'data/', 'data/Word', 'nowhere/x', 'data/a/b', '../x/y', 'data/..'])(
  '%s is no family/name',
  (wanted) => {
    expect(() => partsOf(wanted)).toThrow(/family\/name/);
  },
);
