import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { containment, uidsOfChildren, userNumber } from '../cells/contain.ts';
import { launchChild } from '../cells/launch.ts';
import { seccompProgram } from '../cells/seccomp.ts';
import { clone, clone3, refusedCalls } from '../cells/system-calls.ts';
import { childrenOf, job, outputOf, testSandbox } from './testing.ts';

const isLinux = process.platform === 'linux';
const column = process.arch === 'arm64' ? 1 : 0;
const canTry = (() => {
  try {
    return execFileSync('perl', ['-v']).length > 0;
  } catch {
    return false;
  }
})();

/** A program inside the walls. */
const perl = (program: string) =>
  launchChild({ program: '/usr/bin/perl', args: ['-e', program], isContained: true, cpuSeconds: 60 });

/** Makes a system call inside the walls and gives what the kernel said: 0 for well, else the error's number. */
async function call(number: number, ...args: number[]): Promise<number> {
  const program = `my $r = syscall(${[number, ...args].join(', ')}); print $r < 0 ? $!+0 : 0`;
  return Number(await text(perl(program).stdout));
}

const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, 'utf8');
const [eperm, enosys] = [1, 38];

describe.skipIf(!isLinux)('a child that runs code', () => {
  it('can gain no rights, and its calls go through a filter where there is bubblewrap', async () => {
    await using sandbox = testSandbox({ spares: 0 });
    outputOf(await sandbox.runCode(job('return 1')));
    const [child] = childrenOf(process.pid);
    const status = statusOf(child!.pid);
    const { noNewPrivs, seccomp } = containment();
    expect(/^NoNewPrivs:\s+(\d)/m.exec(status)?.[1]).toBe(noNewPrivs ? '1' : '0');
    expect(/^Seccomp:\s+(\d)/m.exec(status)?.[1]).toBe(seccomp ? '2' : '0');
    if (process.getuid?.() === 0) expect(/^CapEff:\s+(\w+)/m.exec(status)?.[1]).toMatch(/^0+$/);
  });

  it.skipIf(uidsOfChildren() === undefined)('is a user that no other is', async () => {
    await using sandbox = testSandbox({ spares: 0, most: 4 });
    for (const workspace of ['a', 'b', 'c']) outputOf(await sandbox.runCode(job('return 1', { workspace })));
    const users = childrenOf(process.pid).map(({ uid }) => uid);
    expect(users).toHaveLength(3);
    expect(new Set(users).size).toBe(3);
    expect(users).not.toContain(0);
    expect(Math.abs(userNumber()! - users[0]!)).toBeLessThan(128);
  });

  it('collects garbage and keeps its limits inside its walls', async () => {
    await using sandbox = testSandbox({ spares: 0 });
    const made = 'let n = 0; for (let i = 0; i < 3000; i++) n += new Array(10_000).fill(i).length; return n';
    expect(outputOf(await sandbox.runCode(job(made)))).toBe(30_000_000);
    const bomb = await sandbox.runCode(job('const all = []; for (;;) all.push(new Array(100_000).fill(1))'));
    expect(bomb.ok).toBe(false);
    expect(outputOf(await sandbox.runCode(job('return 2')))).toBe(2);
  });
});

describe.skipIf(!isLinux || !canTry || !containment().seccomp)('what the kernel says inside the walls', () => {
  it.each(Object.entries(refusedCalls).filter(([, numbers]) => numbers[column] !== undefined))(
    '%s is refused',
    async (_, numbers) => expect(await call(numbers[column]!, 0, 0, 0, 0, 0)).toBe(eperm),
  );

  it('no process can be made, and no namespace: only threads', async () => {
    const [sigchild, newUser] = [17, 0x10000000];
    expect(await call(clone[column]!, sigchild, 0, 0, 0, 0)).toBe(eperm);
    expect(await call(clone[column]!, newUser | sigchild, 0, 0, 0, 0)).toBe(eperm);
    expect(await call(clone[column]!, 0x10000 | newUser, 0, 0, 0, 0)).toBe(eperm);
    expect(await call(clone3[column]!, 0, 0)).toBe(enosys);
  });

  it.skipIf(process.arch !== 'x64')('the same calls under their x32 numbers are not there', async () => {
    expect(await call(0x40000000 + refusedCalls.socket[0], 1, 1, 0)).toBe(enosys);
  });

  it('what Node needs goes on, and nothing can be written', async () => {
    const getpid = column === 0 ? 39 : 172;
    expect(await call(getpid)).toBe(0);
    const write = 'print open(my $f, ">", "/tmp/heddle-walls") ? "open" : $!+0';
    expect(Number(await text(perl(write).stdout))).toBe(30); // EROFS
  });
});

it('there is a filter for the processors that we know, whole instructions and short enough to be taken', () => {
  for (const processor of ['x64', 'arm64']) {
    const program = seccompProgram(processor)!;
    expect(program.length % 8).toBe(0);
    expect(program.length / 8).toBeLessThan(4_096);
  }
  expect(seccompProgram('riscv64')).toBeUndefined();
});
