import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seccompProgram } from './seccomp.ts';

/** What lies around a child beside its isolates, as it was found on this machine. */
export interface Containment {
  /** It can gain no rights by starting another program. */
  readonly noNewPrivs: boolean;
  /** Its system calls go through a filter. */
  readonly seccomp: boolean;
  /** What it is contained by, and why not by more. */
  readonly by: 'bwrap' | 'setpriv' | 'nothing';
  readonly why?: string;
}

/** A command with what contains it before it; `filter` is to be its descriptor 3, and closed once it has begun. */
export interface Contained {
  readonly command: string;
  readonly args: readonly string[];
  readonly filter: number | undefined;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * Everything read-only, and devices that hold nothing: what a child is contained by where bubblewrap works. As root it keeps the rights by which it
 * reads its own program and then becomes nobody, when they are gone; otherwise it stands in a user namespace of its own, from where the
 * server's memory and environment cannot be read.
 */
const walls = (): string[] => [
  '--ro-bind',
  '/',
  '/',
  '--dev',
  '/dev',
  '--die-with-parent',
  '--seccomp',
  '3',
  ...(isRoot() ? ['CAP_SETUID', 'CAP_SETGID', 'CAP_DAC_READ_SEARCH'].flatMap((right) => ['--cap-add', right]) : []),
  '--',
];

let found: Containment | undefined;

/** What this machine has, tried once: programs that are there may not be allowed to work, as `bwrap` is not in many containers. */
export function containment(): Containment {
  return (found ??= find());
}

/** Where systems keep programs; the way to them is not asked for, because a child has no environment either. */
const bins = ['/usr/bin', '/bin', '/usr/local/bin', '/run/current-system/sw/bin'];
const fileOf = (program: string): string | undefined =>
  bins.map((bin) => join(bin, program)).find((file) => existsSync(file));

function find(): Containment {
  if (process.platform !== 'linux')
    return { by: 'nothing', noNewPrivs: false, seccomp: false, why: 'only Linux has what it takes' };
  const why = whyNoBwrap();
  if (why === undefined) return { by: 'bwrap', noNewPrivs: true, seccomp: true };
  const setpriv = fileOf('setpriv');
  if (setpriv && spawnSync(setpriv, ['--no-new-privs', 'true'], { stdio: 'ignore' }).status === 0)
    return { by: 'setpriv', noNewPrivs: true, seccomp: false, why };
  return { by: 'nothing', noNewPrivs: false, seccomp: false, why };
}

function whyNoBwrap(): string | undefined {
  if (!seccompProgram(process.arch)) return `there is no filter of system calls for ${process.arch}`;
  const bwrap = fileOf('bwrap');
  if (!bwrap) return 'bubblewrap (bwrap) is not installed';
  const filter = openFilter();
  try {
    const tried = spawnSync(bwrap, [...walls(), 'true'], { stdio: ['ignore', 'ignore', 'pipe', filter] });
    if (tried.status === 0) return undefined;
    const said = (tried.stderr ?? '').toString().trim().split('\n')[0] ?? '';
    return `bubblewrap (bwrap) may not work here: ${said.replace(/^bwrap: /, '')}`;
  } finally {
    closeSync(filter);
  }
}

/** Puts what this machine has before a command. */
export function contained(command: string, args: readonly string[]): Contained {
  const { by } = containment();
  if (by === 'bwrap')
    return { command: fileOf('bwrap') ?? 'bwrap', args: [...walls(), command, ...args], filter: openFilter() };
  if (by === 'setpriv')
    return { command: fileOf('setpriv') ?? 'setpriv', args: ['--no-new-privs', command, ...args], filter: undefined };
  return { command, args, filter: undefined };
}

let program: number | undefined;

/** The filter as a file that has no name any more: each descriptor begins at its first byte. */
function openFilter(): number {
  program ??= keepFilter();
  return openSync(`/proc/self/fd/${program}`, 'r');
}

function keepFilter(): number {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-filter-'));
  const file = join(folder, 'filter');
  writeFileSync(file, seccompProgram(process.arch) ?? '');
  const descriptor = openSync(file, 'r');
  rmSync(folder, { recursive: true });
  return descriptor;
}

/** The most processes that may have numbers of their own below one server. */
const most = 128;

/** Numbers for processes that own nothing: none of systemd's, of container runtimes', or of people. Smaller where a namespace has only 65,536. */
const ranges = [
  { first: 1_900_000_000, servers: 512 },
  { first: 50_000, servers: 64 },
];

/** Where the user numbers of this server's children begin; undefined where it may not choose, or has too few. */
export function uidsOfChildren(): number | undefined {
  if (!isRoot() || process.platform !== 'linux') return undefined;
  const mapped = mappedUids();
  const range = ranges.find(({ first, servers }) =>
    mapped.some(([from, count]) => from <= first && first + servers * most <= from + count),
  );
  return range && range.first + (process.pid % range.servers) * most;
}

function mappedUids(): (readonly [from: number, count: number])[] {
  return readFileSync('/proc/self/uid_map', 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [from = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
      return [from, count];
    });
}

let next = 0;
/** `nobody` on every Linux; elsewhere a number that owns nothing, which is as good. */
const nobody = 65534;

/** The user that a child becomes: one that no other has, where there are enough. Undefined when we are not root: it stays what we are. */
export function userNumber(): number | undefined {
  if (!isRoot()) return undefined;
  const first = uidsOfChildren();
  return first === undefined ? nobody : first + (next++ % most);
}
