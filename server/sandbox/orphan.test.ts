import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { childrenOf } from './testing.ts';

// A server that is killed has no last words for its children: they must notice by themselves, even with their isolate busy.

const server = (source: string): string => `
  import { openSandbox } from ${JSON.stringify(join(import.meta.dirname, 'sandbox.ts'))};
  const scope = { now: 0, seed: '', nodes: {}, workflow: {}, run: {}, turn: 0, vars: {} };
  const sandbox = openSandbox();
  const job = { workspace: 'w', mode: 'all', items: [], scope, timeoutMs: 120_000, memoryMb: 1_024 }; // enough for seconds of what holds memory
  await sandbox.runCode({ ...job, source: 'return 1' });
  // Two workspaces never share a child: one is busy, the other has done its work and waits.
  await sandbox.runCode({ ...job, workspace: 'v', source: 'return 2' });
  process.stdout.write('begins');
  await sandbox.runCode({ ...job, source: ${JSON.stringify(source)} });
`;

// What is emitted for a run from source outlives a killed server.
const folder = mkdtempSync(join(tmpdir(), 'heddle-orphan-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it.each([
  ['that spin', 'for (;;);'],
  ['that spin in calls to the child', "for (;;) URL.canParse('x')"],
  ['that hold memory and wait for nothing', 'const f = () => Promise.resolve().then(f); await f()'],
])('a killed server leaves no children %s', async (_, source) => {
  const parent = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', server(source)], {
    stdio: 'pipe',
    env: { ...process.env, TMPDIR: folder },
  });
  onTestFinished(() => void parent.kill('SIGKILL')); // a test that fails leaves no server behind
  await new Promise((resolve) => parent.stdout.once('data', resolve));
  const children = await vi.waitFor(
    () => {
      const found = childrenOf(parent.pid ?? 0);
      expect(found.some(({ cpuSeconds }) => cpuSeconds >= 1)).toBe(true);
      return found;
    },
    { timeout: 25_000, interval: 100 },
  );
  expect(children.length).toBeGreaterThanOrEqual(2);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]), {
    timeout: 30_000,
    interval: 50,
  });
});
