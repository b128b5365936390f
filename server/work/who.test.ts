import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isGone, whoAmI } from './who.ts';

test('a process is gone when its number is nobody’s, or another’s by now', async () => {
  const me = whoAmI();
  expect(isGone(me)).toBe(false);
  // Whoever does not say when it began is judged by its number alone.
  expect(isGone({ pid: me.pid, began: '' })).toBe(false);
  const child = spawn(process.execPath, ['-e', '']);
  const pid = child.pid ?? 0;
  await once(child, 'exit');
  expect(isGone({ pid, began: '' })).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'a number that was given out again after a restart is not the same process',
  () => {
    const me = whoAmI();
    expect(me.began).toMatch(/^[0-9]+$/);
    expect(me.place).toMatch(/^[-0-9a-f]{36}.pid:.[0-9]+.$/);
    expect(isGone({ ...me, began: String(Number(me.began) - 1) })).toBe(true);
  },
);

/** Whether a process may be put into a namespace of its own here: as root, on Linux. */
const mayUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;

test.runIf(mayUnshare)(
  'two processes of one machine and one hostname are of two places when their numbers mean two things',
  () => {
    const who = new URL('./who.ts', import.meta.url).href;
    const script = `import { hostname } from 'node:os';
    import { whoAmI } from ${JSON.stringify(who)};
    console.log(JSON.stringify({ ...whoAmI(), host: hostname() }));`;
    const node = [process.execPath, '--input-type=module', '-e', script] as const;
    const asked = (command: string, ...args: string[]) =>
      JSON.parse(execFileSync(command, args, { encoding: 'utf8' })) as { place: string; pid: number; host: string };
    const [here, apart, again] = [
      asked(...node),
      asked('unshare', '--pid', '--fork', '--mount-proc', ...node),
      asked('unshare', '--pid', '--fork', '--mount-proc', ...node),
    ];
    // Both that are apart are process 1 of the same hostname: by those alone each would take the other for itself.
    expect([apart.pid, apart.host]).toEqual([again.pid, again.host]);
    expect(here.host).toBe(apart.host);
    expect(here.place).toBe(whoAmI().place);
    expect(apart.place).not.toBe(here.place);
  },
);
