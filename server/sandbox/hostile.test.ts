import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CodeFault, CodeResult } from './job.ts';
import { childrenOf, job, killWhileRunning, outputOf, testSandbox } from './testing.ts';

// SAFETY 5.1 as programs, and the shapes that broke vm2. Each must end in time with an outcome that says what happened,
// with this process alive and no bigger for it, and with nothing in the next run of the same workspace.

const sandbox = testSandbox({ spares: 1 });
afterAll(() => sandbox.close());

const timeoutMs = 400;
const memoryMb = 64;
/** What one child may reach: its start, twice the limit, 64 MB of slack, and what this machine fills in ten looks of its guard (294 of 490 were measured; 958 without a guard). */
const mostChildMegabytes = 60 + 2 * memoryMb + 64 + 200 * megabytesPerMs();

/** How fast a buffer is filled here, by processor time: 1 to 10 on machines of today. */
function megabytesPerMs(): number {
  const from = process.cpuUsage();
  Buffer.alloc(2 ** 28, 1);
  const { user, system } = process.cpuUsage(from);
  return 256 / Math.max(1, (user + system) / 1_000);
}

type Outcome = 'ok' | CodeFault['code'];
const time: Outcome[] = ['code.timeout'];
const thrown: Outcome[] = ['code.threw'];
/** Where V8 stops it by a range error, by the isolate's limit, by the guard or by the clock depends on the machine. */
const memory: Outcome[] = ['code.memory', 'code.threw', 'code.timeout', 'code.output-too-large'];

const endless: [string, string, Outcome[]][] = [
  ['a loop', 'for (;;);', time],
  ['a loop of microtasks', 'function f() { return Promise.resolve().then(f) } await f()', time],
  [
    'a microtask that queues itself and spins',
    'const f = () => { Promise.resolve().then(f); for (;;); }; await Promise.resolve().then(f)',
    time,
  ],
  ['a promise that never settles', 'await new Promise(() => {})', time],
  ['a loop after await', 'await null; for (;;);', time],
  ['a loop after a timer', 'await new Promise((r) => setTimeout(r, 5)); for (;;);', time],
  ['an interval for ever', 'setInterval(() => {}, 1); await new Promise(() => {})', time],
  ['a timer that sets itself', 'const f = () => setTimeout(f, 0); f(); await new Promise(() => {})', time],
  [
    'a loop after the end',
    'Promise.resolve().then(() => Promise.resolve()).then(() => { for (;;); }); return 1',
    ['ok', 'code.timeout'],
  ],
  ['a loop in a getter of the message', 'throw { get message() { for (;;); } }', time],
  ['a loop in a getter of the stack', 'throw new (class { message = "x"; get stack() { for (;;); } })()', time],
  ['a loop in prepareStackTrace', 'Error.prepareStackTrace = () => { for (;;); }; null.x', time],
  ['a loop in a rejected getter', 'return Promise.reject({ get message() { for (;;); } })', time],
  ['a loop in a returned getter', 'return { get a() { for (;;); } }', time],
  ['a loop in toJSON', 'return { toJSON() { for (;;); } }', time],
  ['a loop in then', 'return { then() { for (;;); } }', time],
  ['a thenable that never answers', 'return { then() {} }', time],
  ['a thrown proxy that loops', 'throw new Proxy({}, { get() { for (;;); } })', time],
  ['a slow pattern', "return /^(a+)+$/.test('a'.repeat(40) + '!')", time],
  ['a loop in toString of a log', 'console.log({ toJSON() { for (;;); } })', time],
  ['a loop of calls to the child', "for (;;) new URL('http://a/')", [...time, 'code.threw']],
  ['a loop of calls that fail', "for (;;) URL.canParse('x')", time],
  [
    'a loop in a replaced Promise.then',
    'Promise.prototype.then = function () { for (;;); }; return 1',
    [...time, 'ok'],
  ],
  ['a sparse list', 'const a = []; a[4294967290] = 1; return { a }', [...time, ...memory]],
];

const greedy: [string, string, Outcome[]][] = [
  ['a growing list', 'const a = []; for (;;) a.push(new Array(1e5).fill(1))', memory],
  ['a growing map', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })', memory],
  [
    'a greedy list of lists',
    'const a = []; for (let i = 0; i < 40; i++) a.push(new Array(2 ** 25).fill(i)); return a.length',
    memory,
  ],
  ['one huge list', 'return new Array(2 ** 27).fill(0).length', [...memory, 'code.crashed']],
  // On some processors V8 can hardly be interrupted in it (isolated-vm issue 202): killing the process ends it.
  ['one huge number', 'return String(2n ** (2n ** 29n)).length', [...memory, 'code.crashed']],
  [
    'flat texts',
    "const a = []; for (let i = 0; i < 50; i++) a.push(JSON.parse(JSON.stringify('x'.repeat(32e6) + i))); return a.length",
    memory,
  ],
  ['a replaced text', "return 'a'.repeat(1e6).replace(/a/g, '$&'.repeat(4096)).length", [...memory, 'code.crashed']],
  ['doubled texts', "let s = 'x'; for (;;) s += s", memory],
  ['doubled spreads', 'let a = [1]; for (;;) a = [...a, ...a]', [...memory, 'code.crashed']],
  ['bytes', 'const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1))', memory],
  ['one huge buffer', 'return new ArrayBuffer(2 ** 31).byteLength', memory],
  ['deep JSON', "return JSON.parse('['.repeat(1e6) + ']'.repeat(1e6)).length", [...memory, 'ok']],
  ['a split text', "return 'x'.repeat(1e8).split('').length", memory],
  ['a padded text', "const a = []; for (;;) a.push('x'.padEnd(1e8, Math.random() + 'y'))", memory],
  ['a huge answer', "return 'x'.repeat(3e8)", memory],
  ['a greedy loop after await', 'await null; const a = []; for (;;) a.push(new Array(1e5).fill(1))', memory],
  ['deep recursion', 'const f = () => f() + 1; return f()', thrown],
  ['deep source', `return ${'('.repeat(1e5)}`, ['code.syntax']],
  ['a flood of logs', "for (let i = 0; i < 1e5; i++) console.log('x'.repeat(1e4))", ['ok', 'code.timeout']],
];

const nosy: [string, string, unknown][] = [
  [
    'the machine',
    "return ['process', 'require', 'module', 'fetch', 'global', 'XMLHttpRequest', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'performance', 'navigator'].filter((name) => name in globalThis)",
    [],
  ],
  [
    'process by the constructor',
    "try { return items.constructor.constructor('return process')().pid } catch (e) { return e.name }",
    'ReferenceError',
  ],
  ['modules', "return await import('node:fs').then(() => 'in', () => 'out')", 'out'],
  ['the environment', "return await import('/proc/self/environ').then(() => 'in', () => 'out')", 'out'],
  [
    'frames of the host',
    'Error.prepareStackTrace = (_, frames) => frames; const e = new Error("x"); const frames = [].concat(e.stack); return frames.map((f) => { try { return typeof (f.getThis?.() ?? undefined)?.process } catch { return "undefined" } }).filter((x) => x !== "undefined")',
    [],
  ],
  [
    'our callbacks by their caller',
    'let got = 0; const call = Function.prototype.call; Function.prototype.call = function (...a) { got++; return Reflect.apply(this, a[0], a.slice(1)) }; console.log("x"); try { return [got, console.log.caller] } catch (e) { return e.name }',
    'TypeError',
  ],
  [
    'the constructor behind the species of a promise',
    'class P extends Promise { static get [Symbol.species]() { return function (run) { run(() => {}, () => {}); } } } try { await P.resolve(1).then(() => {}); } catch {} return typeof process',
    'undefined',
  ],
  [
    'a host error',
    "try { new URL('nope') } catch (e) { try { return e.constructor.constructor('return typeof process')() + String(e.stack).includes('/server/') } catch (f) { return f.name } }",
    'undefinedfalse',
  ],
  [
    'the machine by what libraries hold',
    "return [Buffer, DateTime, crypto.createHash, $jmespath, hmac].map((one) => { try { return one.constructor.constructor('return typeof process + typeof require')() } catch (e) { return e.name } })",
    Array.from({ length: 5 }, () => 'undefinedundefined'),
  ],
  [
    'our libraries’ text by a constructor of its own',
    "let got = 0; const real = Function.prototype.constructor; globalThis.Function = function (...a) { got++; return real(...a) }; Buffer.from('x'); return [got, typeof $3, typeof read]",
    [0, 'undefined', 'undefined'],
  ],
  [
    'the real Date',
    'return [new Date().constructor === Date, new (Object.getPrototypeOf(new Date()).constructor)().getTime()]',
    [true, 1_700_000_000_000],
  ],
  [
    'an async generator that yields its return',
    'async function* g() { yield* { [Symbol.asyncIterator]: () => ({ next: () => ({ done: true, get value() { return typeof process } }) }) } } for await (const x of g()); return typeof process',
    'undefined',
  ],
];

interface Played {
  readonly result: CodeResult;
  readonly ticks: number;
  readonly mostTicks: number;
}

/**
 * `ticks` is the time by timers of this process, 10 ms each. The clock that ends code is a timer of this process too, so a machine busy
 * with others slows both; by the wall, code would seem to have run on for as long as this process had no processor.
 */
async function play(source: string, outcomes: readonly Outcome[]): Promise<Played> {
  let ticks = 0;
  const metronome = setInterval(() => ticks++, 10);
  // What ends by itself may take its time: on a busy machine the clock would end it first.
  const most = outcomes.includes('code.timeout') ? timeoutMs : 30_000;
  const result = await sandbox.runCode(job(source, { timeoutMs: most, memoryMb }));
  clearInterval(metronome);
  return { result, ticks, mostTicks: (most + 1_000) / 10 };
}

/** Looks at the children by `ps` while tests run. */
let peak = 0;
let watch: NodeJS.Timeout;
beforeAll(() => {
  watch = setInterval(() => (peak = Math.max(peak, ...childrenOf(process.pid).map(({ megabytes }) => megabytes))), 100);
});
afterAll(() => clearInterval(watch));
afterEach(async () => {
  const next = outputOf(await sandbox.runCode(job('return typeof globalThis.spoilt + typeof {}.spoilt')));
  if (next !== 'undefinedundefined') throw new Error(`The next run found ${String(next)}`);
});

describe('code that does not end', () => {
  it.each(endless)('is stopped: %s', async (_, source, outcomes) => {
    const { result, ticks, mostTicks } = await play(source, outcomes);
    expect(outcomes).toContain(result.ok ? 'ok' : result.fault.code);
    expect(ticks).toBeLessThan(mostTicks);
  });
});

describe('code that wants it all', () => {
  it.each(greedy)('is stopped: %s', async (_, source, outcomes) => {
    const before = process.memoryUsage.rss();
    const { result, ticks, mostTicks } = await play(source, outcomes);
    expect(outcomes).toContain(result.ok ? 'ok' : result.fault.code);
    expect(ticks).toBeLessThan(mostTicks);
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(100);
  });

  it('never took more of the machine than the guard allows', () => {
    expect(peak).toBeGreaterThan(30);
    expect(peak).toBeLessThan(mostChildMegabytes);
  });
});

describe('code that looks for a way out', () => {
  it.each(nosy)('does not find %s', async (_, source, expected) => {
    expect(outputOf(await sandbox.runCode(job(source)))).toEqual(expected);
  });

  it('spoils nothing for this process', () => {
    expect(Reflect.get({}, 'spoilt')).toBeUndefined();
  });
});

it('code that V8 aborts the process for is told to have run out of memory', async () => {
  const source = 'const m = new Map(); for (let i = 0; ; i++) m.set(i, { i })';
  expect(await sandbox.runCode(job(source, { timeoutMs: 30_000, memoryMb: 16 }))).toMatchObject({
    fault: { code: 'code.memory', message: 'The code needed more than 16 MB' },
  });
});

describe('the anomaly budget', () => {
  it('counts the children that code of a workspace brought down, and no others', async () => {
    await using own = testSandbox({ spares: 0 });
    const workspace = 'rough';
    await own.runCode(job('throw new Error("mine")', { workspace }));
    expect(await own.runCode(job('await new Promise(() => {})', { workspace }))).toMatchObject({
      fault: { code: 'code.timeout' },
    });
    expect(own.anomalies(workspace)).toBe(0);
    // Killed from outside while code runs: which programs V8 cannot be interrupted in depends on the processor.
    for (let deaths = 1; deaths <= 3; deaths++) {
      expect(await killWhileRunning(own, workspace)).toMatchObject({ fault: { code: 'code.crashed' } });
      expect(own.anomalies(workspace)).toBe(deaths);
    }
    expect(own.anomalies('acme')).toBe(0);
    expect(outputOf(await own.runCode(job('return 1', { workspace })))).toBe(1);
  });
});
