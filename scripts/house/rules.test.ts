import { expect, test } from 'vitest';
import { readSource } from './read.ts';
import * as rules from './rules.ts';

const file = (path: string, text = '') => readSource(path, text);

test.for<[string, string, boolean]>([
  ['flow/a.ts', `import * as z from 'zod'`, true],
  ['flow/a.ts', `import { readFileSync } from 'node:fs'`, false],
  ['flow/a.test.ts', `import { readFileSync } from 'node:fs'; import { test } from 'vitest'`, true],
  ['flow/a.ts', `import type { Kit } from '../nodes/kit.ts'`, false],
  ['flow/deep/a.test.ts', `import { all } from '../../nodes/all.ts'`, false],
  ['nodes/data/sort.ts', `import { run } from '../../flow/run.ts'; import Papa from 'papaparse'`, true],
  ['nodes/data/sort.ts', `export { start } from '../../server/main.ts'`, false],
  ['nodes/data/sort.ts', `const lodash = await import('lodash')`, false],
  ['nodes/data/sort.ts', `import parse from 'papaparse/lib/x.js'`, true],
  ['server/a/b.ts', `import { x } from '../../app/x.ts'`, false],
  [
    'app/a.tsx',
    `import type { Router } from '../server/http/router.ts'; import { x } from '../flow/x.ts'; export const a = <b>hi</b>`,
    true,
  ],
  ['app/a.ts', `import { type Router } from '../server/http/router.ts'`, true],
  ['app/a.ts', `import { router } from '../server/http/router.ts'`, false],
  ['app/a.ts', `import type { Row } from '../server/runs/tables.ts'`, false],
  ['app/a.ts', `import { sort } from '../nodes/data/sort.ts'`, false],
])('%s with %s: whether it keeps the walls', ([path, text, kept]) => {
  expect(rules.wallsBroken([file(path, text)])).toHaveLength(kept ? 0 : 1);
});

test('reaching into another room’s tables is found, one’s own are one’s own', () => {
  const own = file('server/runs/store.ts', `import { runs } from './tables.ts'`);
  const other = file('server/work/lane.ts', `import { runs } from '../runs/tables.ts'`);
  expect(rules.rooms([own, other], {})).toEqual(['server/work/lane.ts reaches into server/runs/tables.ts']);
  expect(rules.rooms([other], { 'server/work/lane.ts': 'a reason' })).toEqual([]);
});

test('circles among rooms are found once each, over any number of rooms; tests make none', () => {
  const files = [
    file('server/a/x.ts', `import '../b/x.ts'`),
    file('server/b/x.ts', `import type { X } from '../c/x.ts'`),
    file('server/c/x.ts', `import { x } from '../a/y.ts'; import { y } from '../../flow/y.ts'`),
    file('server/c/y.test.ts', `import { x } from '../b/y.ts'`),
  ];
  expect(rules.circles(files)).toEqual(['server/a → server/b → server/c → server/a']);
});

test('drawers and barrels are found, a file of exports of its own is not one', () => {
  const files = [
    file('flow/utils/x.ts'),
    file('server/common.ts'),
    file('flow/run/index.ts', `export * from './a.ts'; export { b } from './b.ts'`),
    file('flow/run/own.ts', `export const a = 1`),
    file('flow/expression/common-mistakes.ts'),
  ];
  expect(rules.drawersAndBarrels(files)).toEqual(['flow/utils/x.ts', 'server/common.ts', 'flow/run/index.ts']);
});

test('long files and long functions are found, by name', () => {
  const long = `export const big = () => {\n${'  f();\n'.repeat(59)}};\n`;
  expect(rules.longFunctions([file('flow/a.ts', long)], {})).toEqual(['flow/a.ts big (61 lines)']);
  expect(rules.longFunctions([file('flow/a.ts', long.replace('f();\n', ''))], {})).toEqual([]);
  expect(
    rules.longFunctions([file('flow/a.ts', `class A {\n  go() {\n${'f();\n'.repeat(60)}}\n}`)], {
      'flow/a.ts go': 'why',
    }),
  ).toEqual([]);
  expect(
    rules.giants([file('flow/a.ts', 'f();\n'.repeat(401)), file('flow/a.test.ts', 'f();\n'.repeat(600))], {}),
  ).toEqual(['flow/a.ts has 401 lines']);
});

test.for([
  `eval('1')`,
  `new Function('a', 'b')`,
  `Function('a')`,
  `globalThis.eval('1')`,
  `import vm from 'node:vm'`,
  `import ivm from 'isolated-vm'`,
])('%s is found outside the sandbox', (text) => {
  expect(rules.codeFromText([file('server/runs/a.ts', text)])).toHaveLength(1);
  expect(rules.codeFromText([file('server/sandbox/a.ts', text)])).toEqual([]);
});

test.for([`fetch('x')`, `new WebSocket('x')`, `import { request } from 'undici'`, `import http from 'node:http'`])(
  '%s is found outside the powers',
  (text) => {
    expect(rules.waysOut([file('server/runs/a.ts', text)], {})).toHaveLength(1);
    expect(rules.waysOut([file('server/wire/a.ts', text), file('app/a.ts', text)], {})).toEqual([]);
  },
);

test('asking whether a text is an address reaches nobody', () => {
  expect(rules.waysOut([file('server/http/a.ts', `import { isIP } from 'node:net'`)], {})).toEqual([]);
  expect(rules.waysOut([file('server/http/a.ts', `import net, { isIP } from 'node:net'`)], {})).toHaveLength(1);
  expect(rules.waysOut([file('server/http/a.ts', `import { isIP, connect } from 'node:net'`)], {})).toHaveLength(1);
});

test('taking the engine’s pool is found', () => {
  const text = `const { sql } = ground.database.engine`;
  expect(rules.engineTaken([file('server/http/a.ts', text), file('server/engine/a.ts', text)], {})).toEqual([
    'server/http/a.ts',
  ]);
});

test('asking past the catalogue is found; its source of built-in nodes, the command line and tests may', () => {
  const all = `import { allNodes } from '../../nodes/all.ts'`;
  const builtIn = `import { builtInNodes } from '../catalogue/built-in.ts'`;
  const files = [
    file('server/catalogue/built-in.ts', all),
    file('server/work/x.test.ts', all),
    file('server/cli/nodes.ts', builtIn),
    file('server/workflows/publish.ts', all),
    file('server/workflows/uses.ts', builtIn),
  ];
  expect(rules.pastCatalogue(files)).toEqual([
    'server/workflows/publish.ts imports nodes/all.ts',
    'server/workflows/uses.ts imports server/catalogue/built-in.ts',
  ]);
});

test('the drawn tree is read with its levels', () => {
  const page =
    '# A\n```js\nconst flow = 1\n```\n```\nflow/        the heart\n  run/       facts\n    deep/\n  check/\nserver/\n  main.ts    starts\n```\n';
  expect(rules.drawnFolders(page)).toEqual(['flow', 'flow/run', 'flow/run/deep', 'flow/check', 'server']);
});
