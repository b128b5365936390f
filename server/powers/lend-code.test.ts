import { afterAll, describe, expect, test } from 'vitest';
import { workflow } from '../../flow/document/workflow.ts';
import { trace } from '../../flow/facts/trace.ts';
import { allNodes } from '../../nodes/all.ts';
import type { Lend } from '../engine/carriage.ts';
import { InMemoryRun } from '../engine/testing/in-memory.ts';
import { testSandbox } from '../sandbox/testing.ts';
import { codePower } from './lend-code.ts';

const sandbox = testSandbox();
afterAll(() => sandbox.close());

interface CodeNode {
  readonly code: string;
  readonly mode?: 'all' | 'each';
  readonly settings?: object;
  readonly params?: object;
  readonly between?: Record<string, { type: string; params?: object }>;
  readonly edges?: readonly [string, string][];
}

/** Plays start → c, or what is drawn, with the real sandbox; gives the steps as the inspector shows them. */
async function play(
  { code, mode = 'all', settings, params, between = {}, edges = [['start', 'c']] }: CodeNode,
  input?: unknown[],
) {
  const document = workflow.parse({
    heddle: 1,
    name: 'Code',
    settings: { timezone: 'Europe/Berlin' },
    nodes: [
      { key: 'start', type: 'start.manual' },
      { key: 'c', type: 'code.javascript', params: { code, mode, ...params }, ...(settings && { settings }) },
      ...Object.entries(between).map(([key, node]) => ({ key, ...node })),
    ],
    edges: edges.map(([from, to]) => ({ from, to })),
  });
  const lend = ((_name, request) =>
    codePower(sandbox, { workspace: 'w', run: 'run_1', state: () => run.state }, request)) as Lend;
  const run: InMemoryRun = new InMemoryRun(document, { nodes: allNodes, lend, ...(input && { input }) });
  await run.play();
  const steps = trace(run.plan, run.facts).filter(({ key }) => key === 'c');
  return { run, steps, step: steps.at(-1) };
}

const log = "console.log('before', { n: 1 });\n";

describe('what code had logged before it failed is in the journal and in the trace', () => {
  test.each<[string, CodeNode, string]>([
    ['an error', { code: `${log}throw new Error('no')` }, 'code.threw'],
    ['a mistake after await', { code: `${log}await null;\nnope()` }, 'code.threw'],
    ['an error for one item', { code: `${log}item.a.b`, mode: 'each' }, 'code.threw'],
    ['what cannot be passed on', { code: `${log}return () => 1` }, 'code.bad-output'],
    ['the code’s own time limit', { code: `${log}await new Promise(() => {})` }, 'code.timeout'],
    ['the node’s time limit', { code: `${log}for (;;);`, settings: { timeout: '2s' } }, 'node.timeout'],
  ])('by %s', async (_, node, code) => {
    const { run, step } = await play(node);
    expect(step).toMatchObject({
      status: 'failed',
      error: { code },
      logs: [{ level: 'info', text: 'before {"n":1}' }],
    });
    const [failed] = run.facts.filter(({ type }) => type === 'step.failed');
    expect(failed?.data).toMatchObject({ logs: [{ text: 'before {"n":1}' }] });
  });

  test('for each attempt its own lines', async () => {
    const { steps } = await play({
      code: `${log}throw new Error('no')`,
      settings: { retry: { times: 1, wait: '1s', on: ['code.threw'] } },
    });
    expect(steps.map(({ status, logs }) => [status, logs.length])).toEqual([
      ['failed', 1],
      ['failed', 1],
    ]);
  });

  test('inside a loop', async () => {
    const { run } = await play({
      code: `${log}throw new Error('no')`,
      between: { loop: { type: 'control.loop', params: { size: 1 } } },
      edges: [
        ['start', 'loop'],
        ['loop.each', 'c'],
        ['c', 'loop.next'],
      ],
    });
    const [failed] = run.facts.filter(({ type }) => type === 'step.failed');
    expect(failed?.data).toMatchObject({ logs: [{ text: 'before {"n":1}' }] });
  });

  test('and what leaves by the error port keeps them too', async () => {
    const { step } = await play({ code: `${log}throw new Error('no')`, settings: { onError: 'port' } });
    expect(step).toMatchObject({ status: 'finished', logs: [{ text: 'before {"n":1}' }] });
  });
});

describe('a fault of code says where in the author’s code', () => {
  test.each<[string, CodeNode, string]>([
    ['an error', { code: "\n  throw new Error('no')" }, 'no (line 2, column 9)'],
    ['a mistake', { code: 'const a = 1;\nnope();' }, 'ReferenceError: nope is not defined (line 2, column 1)'],
    [
      'async code',
      { code: 'const f = async () => {\n  await null;\n  null.x;\n};\nawait f();' },
      "TypeError: Cannot read properties of null (reading 'x') (line 3, column 8)",
    ],
    [
      'code for each item',
      { code: '\nreturn item.a.b', mode: 'each' },
      "TypeError: Cannot read properties of undefined (reading 'b') (line 2, column 15, $itemIndex 1)",
    ],
    [
      'a callback in a library',
      { code: "const list = [1];\nlist.map(() => {\n  DateTime.fromISO('x').setZone(null.zone) })" },
      "TypeError: Cannot read properties of null (reading 'zone') (line 3, column 38)",
    ],
    ['syntax', { code: 'return 1;\nconst b = ;' }, 'Expression expected (line 2, column 11)'],
    [
      'TypeScript',
      { code: 'const n: number = 1;\nconst s: string = null!.x' },
      "TypeError: Cannot read properties of null (reading 'x') (line 2, column 25)",
    ],
    [
      'a promise that nobody caught',
      { code: "\nPromise.reject(new Error('lost'));\nawait new Promise((r) => setTimeout(r, 1))" },
      'A promise was rejected and nothing caught it: lost',
    ],
  ])('by %s', async (_, node, message) => {
    const { step } = await play(node, [{ a: { b: 1 } }, {}]);
    expect(step?.error?.message).toBe(message);
  });

  test('and what to use instead of what is not there', async () => {
    const { step } = await play({ code: "return await fetch('https://example.com')" });
    expect(step?.error).toMatchObject({
      message: expect.stringContaining('fetch is not defined'),
      mend: expect.stringContaining('HTTP request'),
    });
  });
});

describe('what code sees of other nodes', () => {
  const between = {
    up: { type: 'data.set', params: { fields: [{ name: 'k', type: 'number', value: 7 }], keep: 'none' } },
  };
  const edges: [string, string][] = [
    ['start', 'up'],
    ['up', 'c'],
  ];
  test.each([
    ["$('up').first().k", 7],
    ['$("up").all().length', 2],
    ['$(`up`).last().k', 7],
    ["$items('up')[0].k", 7],
    ['$node["up"].json.k', 7],
    ['$node.up.json.k', 7],
    ["$(['u', 'p'].join('')).first().k", 7],
    ["$('up').isExecuted", true],
    ["[$('start').all().length, $execution.id, $runIndex]", [2, 'run_1', 0]],
  ])('%s', async (source, expected) => {
    const { step } = await play({ code: `return { value: ${source} }`, between, edges }, [{ n: 1 }, { n: 2 }]);
    expect(step?.error).toBeUndefined();
    expect(step?.output).toEqual({ out: [{ value: expected }] });
  });
});

test('code that waits by the clock until its time is over is told that the clock stands still', async () => {
  const { step } = await play({
    code: 'const end = Date.now() + 50;\nwhile (Date.now() < end);',
    params: { timeout: '1s' },
  });
  expect(step?.error).toMatchObject({ code: 'code.timeout', mend: expect.stringContaining('Use a Wait node.') });
});
