import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { busyChild, childrenOf, job, outputOf, pidsOf, testSandbox } from './testing.ts';

/** The nice value of each thread of a process. */
const niceOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
const own = niceOf(process.pid)[0] ?? 0;
/** The nice value of the session that a process is in; no number where this kernel does not part the processors among sessions first. */
const groupOf = (pid: number): number | undefined => {
  const file = `/proc/${pid}/autogroup`;
  return existsSync(file) ? Number(/nice (-?\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) : undefined;
};
const ownGroup = groupOf(process.pid);
const hasGroups = Number.isInteger(ownGroup);

it.skipIf(process.platform !== 'linux')(
  'code that computes for long is behind everything else, in all its threads, and the next begins as every other',
  async () => {
    await using sandbox = testSandbox({ spares: 0 });
    outputOf(await sandbox.runCode(job('return 1')));
    const before = childrenOf(process.pid);
    const [first] = [...pidsOf(process.pid)];
    expect(new Set(niceOf(first!))).toEqual(new Set([own]));
    const stop = new AbortController();
    const endless = sandbox.runCode(job('for (;;);', { timeoutMs: 60_000 }), stop.signal);
    const { pid } = await busyChild(process.pid, before);
    await expect.poll(() => new Set(niceOf(pid)), { timeout: 20_000 }).toEqual(new Set([Math.min(19, own + 10)]));
    // Its threads alone are behind only what is in its session, where it is by itself.
    const group = hasGroups ? Math.min(19, ownGroup! + 10) : ownGroup;
    await expect.poll(() => groupOf(pid), { timeout: 20_000 }).toEqual(group);
    stop.abort(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
    // One that ends by itself is behind while it works, and its cell (or, where that may not be, another) is like new for the next.
    outputOf(await sandbox.runCode(job('const end = 3e7; let n = 0; while (n < end) n++; return n')));
    outputOf(await sandbox.runCode(job('return 1')));
    for (const child of pidsOf(process.pid)) {
      expect(new Set(niceOf(child))).toEqual(new Set([own]));
      await expect.poll(() => groupOf(child)).toEqual(ownGroup);
    }
  },
);
