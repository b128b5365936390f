import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { packageRoot } from '../../server/root.ts';
import { listProcesses, signal, treeOf } from './processes.ts';
import { freePort } from './product.ts';
import { joined, unless } from './report.ts';
import type { Report } from './report.ts';
import { Patience } from './until.ts';

/** Who starts, and where its clone lies. */
interface Starter {
  readonly user?: string;
  /** A folder above the clone that nobody else may enter. */
  readonly isClosed?: boolean;
}

/** For which a first start may say nothing while packages are fetched, and any later one. */
const firstStillMs = 300_000;
const stillMs = 60_000;
const laterWithinMs = 4_000;

/**
 * `npm start` on a fresh clone, as the user who runs the drill, as a plain user and below a closed folder: the first start, later ones, Ctrl-C,
 * a second one beside it, the server killed and started again, and after each what processes are left.
 */
export async function starts({ times = 3 }: { times?: number }): Promise<Report> {
  const isRoot = process.getuid?.() === 0;
  const only = process.env['HEDDLE_DRILL_ONLY'] ?? '';
  const wanted: readonly (readonly [string, () => Promise<Report>])[] = isRoot
    ? [
        ['root', () => inClone({}, times)],
        ['below a closed folder', () => inClone({ isClosed: true }, times)],
        ['a plain user', () => asPlainUser(times)],
      ]
    : [['a plain user', () => inClone({}, times)]];
  const reports: Record<string, Report> = {};
  for (const [name, tryIt] of wanted.filter(([name]) => name.includes(only))) {
    reports[name] = await tryIt();
    console.error(name, JSON.stringify(reports[name]));
  }
  return joined(reports);
}

async function asPlainUser(times: number): Promise<Report> {
  const user = `heddle-drill-${process.pid}`;
  try {
    execFileSync('useradd', ['--create-home', user], { stdio: 'pipe' });
  } catch {
    return { figures: { skipped: 'no user can be added here' }, broken: [] };
  }
  try {
    return await inClone({ user }, times);
  } finally {
    execFileSync('userdel', ['--remove', user], { stdio: 'ignore' });
  }
}

async function inClone(starter: Starter, times: number): Promise<Report> {
  const shelf = mkdtempSync(path.join(tmpdir(), 'heddle-clone-'));
  chmodSync(shelf, starter.isClosed ? 0o700 : 0o755);
  const clone = path.join(shelf, 'heddle');
  mkdirSync(clone);
  // What git has, uncommitted changes included: a fresh clone of what is being tried.
  const copy = 'git ls-files -z -co --exclude-standard | tar --null --ignore-failed-read -cf - -T - | tar xf - -C "$0"';
  execFileSync('bash', ['-c', copy, clone], { cwd: packageRoot, stdio: 'pipe' });
  if (starter.user) execFileSync('chown', ['-R', `${starter.user}:`, clone]);
  try {
    return await tried(clone, starter, times);
  } finally {
    signal(inside(clone), 'SIGKILL');
    const far = farOf(clone);
    if (far.startsWith('/var/lib/heddle/cluster-')) rmSync(far, { recursive: true, force: true });
    rmSync(shelf, { recursive: true, force: true });
  }
}

async function tried(clone: string, starter: Starter, times: number): Promise<Report> {
  const port = await freePort();
  const first = await startIn(clone, starter, port);
  const firstMs = await first.ready(firstStillMs);
  const left: string[] = [...(await first.interrupt())];
  const later: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const again = await startIn(clone, starter, port);
    later.push(await again.ready(stillMs));
    left.push(...(await again.interrupt()));
  }
  const held = await startIn(clone, starter, port);
  await held.ready(stillMs);
  const second = await startIn(clone, starter, port);
  const secondCode = await second.ended(30_000);
  const refused = second.said();
  held.killServer();
  await held.ended(10_000);
  const after = await startIn(clone, starter, port);
  const afterMs = await after.ready(stillMs);
  left.push(...(await after.interrupt()));
  return {
    figures: {
      'first start': `${firstMs} ms`,
      'later starts, ms': later.join(' '),
      'after kill -9': `${afterMs} ms`,
      'a second beside it': `ends with ${secondCode}: ${refused.trim().split('\n').at(-1) ?? ''}`,
    },
    broken: [
      ...unless(later.toSorted((a, b) => a - b)[later.length >> 1]! <= laterWithinMs, 'later starts take over 4 s'),
      ...unless(left.length === 0, `left running: ${left.join('; ')}`),
      ...unless(
        secondCode !== 0 && /Port \d+ is taken/.test(refused) && !/^ +at /m.test(refused),
        `a second start says: ${refused}`,
      ),
    ],
  };
}

interface Started {
  /** Milliseconds from the command to the first 200 of /readyz; throws when it says nothing for so long. */
  ready(silentMs: number): Promise<number>;
  /** Ctrl-C as a terminal sends it: to all of the group. Gives what is left three seconds after it has ended. */
  interrupt(): Promise<string[]>;
  killServer(): void;
  ended(withinMs: number): Promise<number | null>;
  said(): string;
}

async function startIn(clone: string, starter: Starter, port: number): Promise<Started> {
  const from = performance.now();
  const child = startNpm(clone, starter, port);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = async (withinMs: number) => {
    if (!hasEnded()) await Promise.race([once(child, 'exit'), pause(withinMs, undefined, { ref: false })]);
    if (!hasEnded()) throw new Error(`it did not end within ${withinMs} ms:\n${said}`);
    return child.exitCode;
  };
  return {
    said: () => said,
    ended,
    ready: async (silentMs) => {
      for (const patience = new Patience(silentMs); patience.lasts(said.length); await pause(20)) {
        if (hasEnded()) throw new Error(`npm start ended with ${child.exitCode}:\n${said}`);
        const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
        if (answer?.status === 200) return Math.round(performance.now() - from);
      }
      throw new Error(`not ready, and silent for ${silentMs} ms:\n${said}`);
    },
    interrupt: async () => {
      process.kill(-(child.pid ?? 0), 'SIGINT');
      await ended(40_000);
      for (let tries = 0; tries < 30 && inside(clone).length > 0; tries += 1) await pause(100);
      return listProcesses().flatMap(({ pid, command }) =>
        inside(clone).includes(pid) ? [command.slice(0, 120)] : [],
      );
    },
    killServer: () => {
      const server = treeOf(child.pid ?? 0).find((pid) =>
        listProcesses().some((one) => one.pid === pid && /dist\/server\/cli\.mjs/.test(one.command)),
      );
      if (server !== undefined) signal([server], 'SIGKILL');
    },
  };
}

function startNpm(clone: string, { user }: Starter, port: number): ChildProcess {
  // Settings of this run, and what the npm that runs us says to its children, are not the clone's.
  const kept = Object.entries(process.env).filter(([name]) => !/^(HEDDLE_|npm_|DATABASE_URL$|PORT$)/i.test(name));
  const env = { ...Object.fromEntries(kept), PORT: String(port), ...(user ? { HOME: `/home/${user}` } : {}) };
  const [program, ...args] = user
    ? ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', 'npm', 'start']
    : ['npm', 'start'];
  return spawn(program!, args, { cwd: clone, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Processes that belong to a clone: by what they run or by the data they run on. */
function inside(clone: string): number[] {
  const far = farOf(clone);
  return listProcesses()
    .filter(({ command }) => command.includes(`${clone}/`) || (far !== '' && command.includes(far)))
    .map(({ pid }) => pid);
}

/** Where the Postgres of a clone below a closed folder keeps its data. */
function farOf(clone: string): string {
  try {
    return execFileSync('cat', [path.join(clone, '.heddle/postgres/moved-to')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
