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
/** The nice value of the session that a process is in; undefined where this kernel does not part the processors among sessions first, or not this one's. */
const groupOf = (pid: number): number | undefined => {
  const file = `/proc/${pid}/autogroup`;
  const nice = existsSync(file) ? /nice (-?\d+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return nice === undefined ? undefined : Number(nice);
};

it.skipIf(process.platform !== 'linux')(
  'code that computes for long is behind everything else, in all its threads, and the next begins as every other',
  async () => {
    await using sandbox = testSandbox({ spares: 0 });
    outputOf(await sandbox.runCode(job('return 1')));
    const before = childrenOf(process.pid);
    const [first] = [...pidsOf(process.pid)];
    expect(new Set(niceOf(first!))).toEqual(new Set([own]));
    // A child is in a session of its own, which may be in a group where ours is in none: in a container with a share of the processors.
    const begun = groupOf(first!);
    const stop = new AbortController();
    const endless = sandbox.runCode(job('for (;;);', { timeoutMs: 60_000 }), stop.signal);
    const { pid } = await busyChild(process.pid, before);
    await expect.poll(() => new Set(niceOf(pid)), { timeout: 20_000 }).toEqual(new Set([Math.min(19, own + 10)]));
    // Its threads alone are behind only what is in its session, where it is by itself.
    const group = begun === undefined ? undefined : Math.min(19, begun + 10);
    await expect.poll(() => groupOf(pid), { timeout: 20_000 }).toEqual(group);
    stop.abort(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
    // One that ends by itself is behind while it works, and its cell (or, where that may not be, another) is like new for the next.
    outputOf(await sandbox.runCode(job('const end = 3e7; let n = 0; while (n < end) n++; return n')));
    outputOf(await sandbox.runCode(job('return 1')));
    for (const child of pidsOf(process.pid)) {
      expect(new Set(niceOf(child))).toEqual(new Set([own]));
      await expect.poll(() => groupOf(child)).toEqual(begun);
    }
  },
);
