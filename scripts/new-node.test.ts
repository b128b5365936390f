import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { check } from '../flow/check/check.ts';
import type { Catalogue } from '../flow/document/card.ts';
import { catalogue } from '../nodes/all.ts';
import type { AnyNode } from '../nodes/kit/define-node.ts';
import { cardOf } from '../nodes/kit/card.ts';
import { playExample, promised } from '../nodes/kit/examples.ts';
import { listed, nodeSource, partsOf } from './new-node.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'new-node-'));
afterAll(() => rm(folder, { recursive: true }));

const root = path.resolve(import.meta.dirname, '..');

/** The node that a file of that text defines. */
async function wordCountOf(source: string, name: string): Promise<AnyNode> {
  const here = source
    .replaceAll("'../kit/", `'${path.join(root, 'nodes/kit')}/`)
    .replace("'zod'", `'${path.join(root, 'node_modules/zod/index.js')}'`);
  const file = path.join(folder, `${name}.ts`);
  await writeFile(file, here);
  return ((await import(pathToFileURL(file).href)) as { wordCount: AnyNode }).wordCount;
}

test('a new node passes the tests of nodes as it is made', async () => {
  const node = await wordCountOf(nodeSource('data', 'word-count'), 'made');
  expect(cardOf(node)).toMatchObject({ type: 'data.word-count', title: 'Word count', family: 'etl' });
  expect(node.examples).toHaveLength(3);
  for (const example of node.examples) expect((await playExample(node, example)).gives).toEqual(promised(example));
});

test('the node of CONTRIBUTING.md gives what its examples say, and its workflow is one without issues', async () => {
  const guide = await readFile(path.join(root, 'CONTRIBUTING.md'), 'utf8');
  const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1] ?? '';
  const node = await wordCountOf(block('ts'), 'guide');
  expect(node.examples).toHaveLength(3);
  for (const example of node.examples) expect((await playExample(node, example)).gives).toEqual(promised(example));
  const known: Catalogue = (type, version) => (type === node.type ? cardOf(node) : catalogue(type, version));
  expect(check(JSON.parse(block('json')), known)).toEqual([]);
});

test('it is listed once, its import in order, whichever its place', async () => {
  const all = await readFile(path.resolve(import.meta.dirname, '../nodes/all.ts'), 'utf8');
  for (const [family, name, symbol] of [
    ['ai', 'summon', 'summon'],
    // A name that the guide does not give to the reader's own node.
    ['data', 'in-between', 'inBetween'],
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
