import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const families = ['start', 'connect', 'data', 'rules', 'control', 'code', 'ai', 'channels', 'entity'] as const;

/** `data/word-count` as its parts; throws a sentence for what is no family/name. */
export function partsOf(wanted: string | undefined): { family: string; name: string } {
  const [family = '', name = '', ...rest] = (wanted ?? '').split('/');
  const isFamily = families.some((known) => known === family);
  if (!isFamily || !/^[a-z]+(-[a-z]+)*$/.test(name) || rest.length > 0) {
    throw new Error(
      `Usage: npm run new:node family/name, where family is one of ${families.join(', ')} and name is like word-count.`,
    );
  }
  return { family, name };
}

/** The file of a new node that does something small and passes every test there is for nodes. */
export const nodeSource = (family: string, name: string): string => `import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { text } from '../kit/fields.ts';

export const ${camel(name)} = defineNode({
  type: '${family}.${name}',
  version: 1,
  title: '${sentence(name)}',
  icon: 'box',
  summary: 'Says in one sentence what it does with each item.',
  line: '{{ value }}',
  params: z.object({
    value: text({ title: 'Value', placeholder: '{{ $json.name }}' }),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  each: ({ params }) => ({ value: params.value }),
  examples: [
    {
      name: 'One value for each item',
      params: { value: 'Hello {{ $json.name }}' },
      given: { in: [{ name: 'Åsa' }, { name: 'Bo' }] },
      gives: { out: [{ value: 'Hello Åsa' }, { value: 'Hello Bo' }] },
    },
    {
      name: 'A missing field prints as nothing',
      params: { value: 'Hello {{ $json.name }}' },
      given: { in: [{}, { name: null }] },
      gives: { out: [{ value: 'Hello ' }, { value: 'Hello ' }] },
    },
    { name: 'Nothing in, nothing out', params: { value: 'x' }, given: { in: [] }, gives: {} },
  ],
});
`;

/** nodes/all.ts with the node in it: its import among the others, its line at the end of the list. */
export function listed(all: string, family: string, name: string): string {
  const line = `import { ${camel(name)} } from './${family}/${name}.ts';`;
  const imports = all.match(/^import .* from '\.\/[^']+';$/gm) ?? [];
  const next = imports.find((known) => pathIn(known) > pathIn(line));
  const anchor = next ?? imports.at(-1);
  if (anchor === undefined) throw new Error('nodes/all.ts has no imports to add to.');
  const imported = next ? all.replace(anchor, `${line}\n${anchor}`) : all.replace(anchor, `${anchor}\n${line}`);
  return imported.replace(/(export const allNodes[^=]*= \[[^\]]*)\]/, `$1  ${camel(name)},\n]`);
}

const pathIn = (line: string): string => /'(.*)'/.exec(line)?.[1] ?? '';
const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const sentence = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;

async function main(wanted: string | undefined): Promise<void> {
  const { family, name } = partsOf(wanted);
  const root = path.resolve(import.meta.dirname, '..');
  const file = path.join(root, 'nodes', family, `${name}.ts`);
  if (existsSync(file)) throw new Error(`nodes/${family}/${name}.ts is there already.`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, nodeSource(family, name));
  const all = path.join(root, 'nodes', 'all.ts');
  await writeFile(all, listed(await readFile(all, 'utf8'), family, name));
  // In a process of its own: it reads the list of nodes that has just changed.
  execFileSync(process.execPath, [path.join(import.meta.dirname, 'docs-nodes.ts')], { stdio: 'inherit' });
  console.log(
    `Made nodes/${family}/${name}.ts with the icon of a box, and listed it in nodes/all.ts, docs/nodes.md and the cards of the`,
  );
  console.log('app’s tests. Its examples are its tests:');
  console.log('  npm test nodes');
  console.log('When its card has changed (title, params, icon, examples): npm run docs:nodes');
}

if (import.meta.main) {
  await main(process.argv[2]).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  });
}
