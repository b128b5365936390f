import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';

const module = JSON.stringify(path.join(import.meta.dirname, 'child.js'));

/** Starts a process that runs `program` (JavaScript) in its place by `runOn`, and waits for the program's first words. */
async function start(program: string, options = '{}'): Promise<{ outer: ChildProcess; said: string }> {
  const text = `import { runOn } from ${module};
    process.exitCode = await runOn(process.execPath, ['-e', ${JSON.stringify(program)}], ${options});`;
  const outer = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(outer.stdout, 'data');
  return { outer, said: String(said).trim() };
}

async function codeOf(outer: ChildProcess): Promise<unknown> {
  return outer.exitCode ?? (await once(outer, 'exit'))[0];
}

const waiting = `process.on('SIGTERM', () => { console.log('told'); process.exit(7) }); setInterval(() => {}, 1000); console.log(process.pid)`;

test('the exit code of the program is ours', async () => {
  const { outer } = await start(`console.log('hi'); process.exitCode = 3`);
  expect(await codeOf(outer)).toBe(3);
});

test('a program ended by a signal gives 128 and its number', async () => {
  const { outer } = await start(`console.log('hi'); setInterval(() => {}, 1000); process.kill(process.pid, 'SIGKILL')`);
  expect(await codeOf(outer)).toBe(137);
});

test.for(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s to us goes to the program, and we wait for its end',
  async (signal) => {
    const { outer } = await start(waiting.replace('SIGTERM', signal));
    outer.kill(signal);
    expect(await codeOf(outer)).toBe(7);
  },
);

test('under npm, the program is told to stop when whoever started us is gone', async () => {
  const text = `import { spawn } from 'node:child_process';
    const inner = ${JSON.stringify(`import { runOn } from ${module}; await runOn(process.execPath, ['-e', ${JSON.stringify(waiting)}], { underNpm: true });`)};
    spawn(process.execPath, ['--input-type=module', '-e', inner], { stdio: 'inherit' });
    setInterval(() => {}, 1000);`;
  const npm = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(npm.stdout, 'data');
  npm.kill('SIGKILL');
  const [last] = await once(npm.stdout, 'data');
  expect(String(last).trim()).toBe('told');
});

test('killed outright, we take the program with us', async () => {
  const onNode = JSON.stringify(path.join(import.meta.dirname, 'on-node.js'));
  const text = `import { onNode } from ${onNode}; await onNode('-e', [${JSON.stringify(waiting)}]);`;
  const outer = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(outer.stdout, 'data');
  const ended = once(outer, 'exit');
  outer.kill('SIGKILL');
  // The program holds the other end: it closes when both are gone, and this waits for ever while one is not.
  await once(outer.stdout, 'close');
  expect(await ended).toEqual([null, 'SIGKILL']);
});
