import { afterAll, describe, expect, it } from 'vitest';
import type { CodeJob } from './job.ts';
import { childrenOf, job, killWhileRunning, outputOf, pidsOf, testSandbox } from './testing.ts';

const sandbox = testSandbox();
afterAll(() => sandbox.close());
const run = async (source: string, more: Partial<CodeJob> = {}) => outputOf(await sandbox.runCode(job(source, more)));
const fault = async (source: string, more: Partial<CodeJob> = {}) => {
  const result = await sandbox.runCode(job(source, more));
  return result.ok ? result : result.fault;
};
const people = Array.from({ length: 1_000 }, (_, at) => ({ id: at, name: ` Person ${at} `, amount: at, plan: 'pro' }));

describe('what the code sees', () => {
  it('runs once for all items', async () => {
    const source =
      'return items.map((item) => ({ ...item, name: item.name.trim().toUpperCase(), total: item.amount * 2 }))';
    expect(await run(source, { items: people })).toEqual(
      people.map((item) => ({ ...item, name: item.name.trim().toUpperCase(), total: item.amount * 2 })),
    );
  });

  it('runs once for each item, keeping undefined where nothing was returned', async () => {
    const items = [{ n: 1 }, { n: 2 }, { n: 3 }];
    const source = 'if (item.n === 2) return; return { n: $json.n, at: $itemIndex, same: $item === $input.item }';
    expect(await run(source, { mode: 'each', items })).toEqual([
      { n: 1, at: 0, same: true },
      undefined,
      { n: 3, at: 2, same: true },
    ]);
  });

  it('gives undefined when nothing is returned', async () => {
    expect(await run('items.length')).toBeUndefined();
  });

  it('passes $from through, for the caller to read', async () => {
    expect(await run('return [{ sum: 3, $from: 1 }]')).toEqual([{ sum: 3, $from: 1 }]);
  });

  it.each<[string, string, unknown]>([
    ['all items', 'return $input.all()', [{ n: 1 }, { n: 2 }]],
    ['the first and the last item', 'return [$input.first(), $input.last()]', [{ n: 1 }, { n: 2 }]],
    ['a name of ours declared anew', 'const items = $input.all(); let item = 1; return items.length + item', 3],
    ['another node', "return [$('up').all(), $('up').first(), $('up').last()]", [[5, 6], 5, 6]],
    ['the only item of another node', "return $('one').item", 7],
    ['vars, workflow, run and turn', 'return [$vars.k, $workflow.name, $run.id, $turn]', ['v', 'W', 'run_1', 3]],
    ['await', 'const x = await Promise.all([1, Promise.resolve(2)]); return x', [1, 2]],
    [
      'timers, which take no time',
      'const from = Date.now(); await new Promise((r) => setTimeout(r, 6e5)); return Date.now() - from',
      600_000,
    ],
    [
      'an interval',
      'let n = 0; await new Promise((r) => { const t = setInterval(() => ++n === 3 && r(clearInterval(t)), 9) }); return n',
      3,
    ],
    [
      'structuredClone',
      'const a = { m: new Map([[1, [2]]]) }; a.a = a; const b = structuredClone(a); return [b.a === b, b !== a, [...b.m]]',
      [true, true, [[1, [2]]]],
    ],
    ['text as bytes', "return new TextDecoder().decode(new TextEncoder().encode('häß€😀'))", 'häß€😀'],
    [
      'broken bytes',
      'return new TextDecoder().decode(new Uint8Array([97, 0xe2, 0x82, 98, 0xff]))',
      new TextDecoder().decode(new Uint8Array([97, 0xe2, 0x82, 98, 0xff])),
    ],
    [
      'base64',
      "return [btoa('hé!'), atob(btoa('hé!')), atob('aGk')]",
      [Buffer.from('hé!', 'latin1').toString('base64'), 'hé!', 'hi'],
    ],
    [
      'URL',
      "const u = new URL('../b?x=1#h', 'https://Ex.com:8080/a/c'); u.searchParams.append('y', 'a b'); u.port = ''; return [u.href, u.host, u.searchParams.get('y')]",
      ['https://ex.com/b?x=1&y=a+b#h', 'ex.com', 'a b'],
    ],
    [
      'URLSearchParams',
      "const p = new URLSearchParams('a=1&b=%C3%A4+2&a=3'); p.delete('x'); return [p.getAll('a'), p.get('b'), String(p), [...p].length]",
      [['1', '3'], 'ä 2', 'a=1&b=%C3%A4+2&a=3', 3],
    ],
    [
      'the time as a person reads it',
      "return new Intl.DateTimeFormat('en', { dateStyle: 'short' }).format()",
      '11/14/23',
    ],
  ])('has %s', async (_, source, expected) => {
    const nodes = { up: [5, 6], one: [7] };
    const scope = { ...job('').scope, nodes, vars: { k: 'v' }, workflow: { name: 'W' }, run: { id: 'run_1' }, turn: 3 };
    expect(await run(source, { items: [{ n: 1 }, { n: 2 }], scope })).toEqual(expected);
  });

  it('pairs items of a node of the same length by position', async () => {
    const scope = { ...job('').scope, nodes: { up: ['a', 'b'] } };
    expect(await run("return $('up').item + item", { mode: 'each', items: [1, 2], scope })).toEqual(['a1', 'b2']);
  });

  it('assigning to item holds for that item only', async () => {
    const source = 'const before = item; item = 0; return [before, item]';
    expect(await run(source, { mode: 'each', items: [1, 2] })).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it.each([
    ['one item of many', 'return $json.a', { items: [1, 2] }, /\$json is one item.*all 2/],
    ['a node that is not there', "return $('nope').all()", {}, /No node “nope”/],
    ['the item of a list of another length', "return $('up').item", {}, /\.first\(\)/],
    ['a URL that is none', "return new URL('nope')", {}, /^TypeError: Invalid URL$/],
  ])('says what is wrong with %s', async (_, source, more, message) => {
    const scope = { ...job('').scope, nodes: { up: [1, 2, 3] } };
    expect(await fault(source, { scope, ...more })).toMatchObject({
      code: 'code.threw',
      message: expect.stringMatching(message),
    });
  });

  it('keeps what console was told, by level', async () => {
    const result = await sandbox.runCode(
      job("console.log('a', { n: 1 }); console.error(new TypeError('b')); console.debug(undefined, 1n)"),
    );
    expect(result.logs.map(({ level, text }) => [level, text])).toEqual([
      ['info', 'a {"n":1}'],
      ['error', 'TypeError: b'],
      ['debug', 'undefined 1'],
    ]);
    expect(Math.abs(Date.now() - (result.logs[0]?.at ?? 0))).toBeLessThan(60_000);
  });

  it('keeps the logs of code that did not end', async () => {
    const result = await sandbox.runCode(job("console.log('here'); for (;;);", { timeoutMs: 2_000 }));
    expect(result).toMatchObject({ ok: false, fault: { code: 'code.timeout' }, logs: [{ text: 'here' }] });
  });
});

describe('time and chance', () => {
  const source =
    'await new Promise((r) => setTimeout(r, 50)); return [Date.now(), String(new Date()), +$now, Math.random(), Math.random(), crypto.randomUUID()]';

  it('are the same on every attempt', async () => {
    const first = await run(source);
    expect(await run(source)).toEqual(first);
    expect(first).toEqual(
      expect.arrayContaining([1_700_000_000_050, expect.stringContaining('2023'), 1_700_000_000_000]),
    );
  });

  it('differ with the seed', async () => {
    const draw = 'return Math.random()';
    expect(await run(draw)).not.toEqual(await run(draw, { scope: { ...job('').scope, seed: 'other' } }));
  });

  it('gives random numbers evenly', async () => {
    const counts = await run(
      'const c = [0, 0, 0, 0]; for (let i = 0; i < 4000; i++) c[Math.floor(Math.random() * 4)]++; return c',
    );
    for (const count of Array.isArray(counts) ? counts : [0]) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

describe('languages', () => {
  it('runs TypeScript', async () => {
    const source =
      'interface P { n: number }\nconst list = items as P[];\nreturn list.map<number>((p: P): number => p.n!)';
    expect(await run(source, { items: [{ n: 4 }] })).toEqual([4]);
  });

  it.each<[string, string, object]>([
    [
      'an enum',
      '\nenum Colour { Red }',
      { message: expect.stringContaining('enum is not supported'), line: 2, column: 1 },
    ],
    ['a stray sign', 'const a = 1;\nconst b = ;', { line: 2, column: 11 }],
    ['a stray sign in the first line', 'const b = ;', { line: 1, column: 11 }],
    ['an open bracket', 'return [1,\n  2', { message: expect.stringContaining('the end of the code'), line: 2 }],
    [
      'a name declared twice',
      'let a;\n  let a;',
      { message: expect.stringContaining("'a' has already been declared"), line: 2, column: 7 },
    ],
    ['a bad pattern', 'return 1;\nconst p = /(/;', { line: 2 }],
    ['an import', "import fs from 'fs'", { line: 1, column: 1 }],
    ['a way out of the function', '}; while (true); {', {}],
  ])('says where %s is', async (_, source, expected) => {
    expect(await fault(source)).toMatchObject({ code: 'code.syntax', ...expected });
  });
});

describe('faults of the code', () => {
  it.each<[string, string, object]>([
    ['an error', "const a = 1;\n  throw new Error('no')", { message: 'no', line: 2, column: 9 }],
    [
      'a mistake',
      'const list: string[] = [];\nreturn list.at(5).length',
      { message: expect.stringMatching(/^TypeError: Cannot read/), line: 2, column: 18 },
    ],
    [
      'a mistake after await',
      'await null;\nreturn nope',
      { message: 'ReferenceError: nope is not defined', line: 2, column: 1 },
    ],
    ['an error in a callback', '[1].map((x) => {\n  null.x;\n})', { line: 2, column: 8 }],
    [
      'an error in a timer',
      "setTimeout(() => { throw new Error('late') }, 1);\nawait new Promise(() => {})",
      { message: 'late', line: 1 },
    ],
    [
      'a rejection that nothing caught',
      "Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 1))",
      { message: expect.stringContaining('lost') },
    ],
    ['a thrown text', "throw 'plain'", { message: 'The code threw plain' }],
    ['undefined', 'throw undefined', { message: 'The code threw undefined' }],
  ])('says where %s came from', async (_, source, expected) => {
    const told = await fault(source);
    expect(told).toMatchObject({ code: 'code.threw', ...expected });
    expect(JSON.stringify(told)).not.toMatch(/\/(work|tmp|server|home)|heddle|isolated-vm|node:/);
  });

  it('names the item', async () => {
    expect(await fault('return item.a.b', { mode: 'each', items: [{ a: 1 }, { a: 2 }, {}] })).toMatchObject({
      item: 2,
      line: 1,
      column: 15,
    });
  });

  it.each<[string, string, string, RegExp]>([
    ['a promise in the list', 'return [1, (async () => 1)()]', 'code.bad-output', /entry 1 is a promise.*Promise\.all/],
    ['a function', 'return () => 1', 'code.bad-output', /function is not data/],
    ['a circle', 'const a = {}; a.a = a; return a', 'code.bad-output', /circular/],
    ['a bigint', 'return 1n', 'code.bad-output', /BigInt/],
    ['too much text', "return 'x'.repeat(9e6)", 'code.output-too-large', /at most 8388608/],
    ['too many entries', 'const a = []; a[4294967294] = 1; return a', 'code.output-too-large', /at most 1000000/],
    [
      'too deep a value',
      'let a = 1; for (let i = 0; i < 70; i++) a = [a]; return a',
      'code.bad-output',
      /deeper than 64/,
    ],
    [
      'a key that reaches a prototype',
      `return JSON.parse('{"a":[{"__proto__":{"x":1}}]}')`,
      'code.bad-output',
      /__proto__/,
    ],
    ['another one', 'return { constructor: { prototype: { x: 1 } } }', 'code.bad-output', /constructor/],
    ['a promise that nothing settles', 'await new Promise(() => {})', 'code.timeout', /nothing will settle/],
  ])('refuses %s', async (_, source, code, message) => {
    expect(await fault(source)).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});

describe('the children', () => {
  it('never serve two workspaces, and are as many as allowed', async () => {
    await using own = testSandbox({ most: 2, spares: 0 });
    const marks = ['a', 'b', 'c', 'a', 'b', 'c', 'a', 'b'];
    const results = await Promise.all(
      marks.map((workspace) => own.runCode(job(`return '${workspace}'`, { workspace }))),
    );
    expect(results.map(outputOf)).toEqual(marks);
  });

  it('give each run globals of its own', async () => {
    await run(
      "globalThis.left = 1; Array.prototype.map = () => 'spoilt'; Object.prototype.evil = 1; JSON.stringify = () => '1'",
    );
    expect(await run("return [typeof left, [1].map((x) => x), 'evil' in {}]")).toEqual(['undefined', [1], false]);
  });

  it('are retired after fifty runs', async () => {
    await using own = testSandbox({ spares: 0 });
    const before = pidsOf(process.pid);
    const born = () =>
      childrenOf(process.pid)
        .filter(({ pid }) => !before.has(pid))
        .map(({ pid }) => pid);
    await own.runCode(job('return 1'));
    const [first] = born();
    for (let turn = 0; turn < 50; turn++) await own.runCode(job('return 1'));
    expect(born()).toHaveLength(1);
    expect(born()[0]).not.toBe(first);
  });

  it('run as nobody when the server is root, without secrets on the command line', async () => {
    await run('return 1');
    for (const { uid, command } of childrenOf(process.pid).filter((child) => child.command.includes('--jitless'))) {
      expect(uid).not.toBe(0);
      expect(command).toContain('--permission');
    }
  });

  it('are killed when the run is aborted, and the run rejects with the reason', async () => {
    const abort = new AbortController();
    const running = sandbox.runCode(job('for (;;);', { timeoutMs: 60_000 }), abort.signal);
    abort.abort(new Error('cancelled by test'));
    await expect(running).rejects.toThrow('cancelled by test');
    expect(await run('return 2')).toBe(2);
  });

  it('that something else kills say so, and the next run has a new one', async () => {
    await using own = testSandbox({ spares: 0 });
    expect(await killWhileRunning(own, 'acme')).toMatchObject({
      fault: { code: 'code.crashed', message: expect.stringContaining('The sandbox stopped') },
    });
    expect(outputOf(await own.runCode(job('return 2')))).toBe(2);
  });

  it('leave no process behind when closed', async () => {
    const before = pidsOf(process.pid);
    const own = testSandbox({ spares: 2 });
    const running = own.runCode(job('for (;;);', { timeoutMs: 60_000 })).catch(() => 'ended');
    await own.close();
    expect(await running).toMatchObject({});
    expect(childrenOf(process.pid).filter(({ pid }) => !before.has(pid))).toEqual([]);
    await expect(own.runCode(job('return 1'))).rejects.toThrow('closed');
  });
});
