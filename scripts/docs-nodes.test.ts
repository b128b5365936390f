import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newestNodes } from '../nodes/all.ts';
import { cardOf } from '../nodes/kit/card.ts';
import { nodesPage } from './docs-nodes.ts';

const page = nodesPage(newestNodes.map(cardOf));

test('docs/nodes.md says what the cards say (npm run docs:nodes writes it anew)', async () => {
  expect(await readFile(path.resolve(import.meta.dirname, '../docs/nodes.md'), 'utf8')).toBe(page);
});

test('it tells of every node and every param', () => {
  for (const node of newestNodes) {
    const section = page.split('### ').find((part) => part.includes(`\`${node.type}\`\n`)) ?? '';
    for (const name of Object.keys(node.params.shape)) expect(section).toContain(`| \`${name}\` |`);
    expect(section).toContain(node.summary);
  }
});
