import { readFileSync, readdirSync } from 'node:fs';

/** Resident memory, MB: `rss` as `ps` sums it, pages that processes share counted in each; `pss` with such pages shared out. */
export interface Resident {
  readonly rss: number;
  readonly pss: number;
  /** `rss` of each process, by what it is. */
  readonly by: Readonly<Record<string, number>>;
}

/** Of the process `root` and all below it but Postgres. Reads /proc, so Linux only. */
export function residentBelow(root: number): Resident {
  const ours = processesBelow(({ pid }) => pid === root).filter(({ command }) => !/postgres/.test(command[0] ?? ''));
  const by: Record<string, number> = {};
  for (const { kind, rss } of ours) by[kind] = (by[kind] ?? 0) + megabytes(rss);
  const sum = (part: 'rss' | 'pss') => megabytes(ours.reduce((all, one) => all + one[part], 0));
  return { rss: sum('rss'), pss: sum('pss'), by };
}

/** A process as /proc tells of it; memory in kB. */
export interface Seen {
  readonly pid: number;
  readonly parent: number;
  readonly command: readonly string[];
  readonly kind: string;
  readonly rss: number;
  readonly pss: number;
  readonly cpuMs: number;
}

const megabytes = (kilobytes: number) => Math.round(kilobytes / 1_024);

/** The processes that `isRoot` picks, and all below them. */
export function processesBelow(isRoot: (one: Seen) => boolean): Seen[] {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (look(Number(name)) ?? []) : []));
  const found = new Set(all.filter(isRoot).map(({ pid }) => pid));
  // Children have higher pids than their parents nearly always; a second pass finds those that wrapped around.
  for (let pass = 0; pass < 2; pass += 1) for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  return all.filter(({ pid }) => found.has(pid));
}

/** Nothing when it has just ended. */
function look(pid: number): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const parent = Number(fields[1]);
    // Clock ticks in user and kernel mode, a hundred a second on every Linux there is.
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * 10;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
    return { pid, parent, command, kind: kindOf(command), rss: field('Rss'), pss: field('Pss'), cpuMs };
  } catch {
    return undefined;
  }
}

function kindOf(command: readonly string[]): string {
  const line = command.join(' ');
  const cell = /(sandbox|compute)[/-]child/.exec(line)?.[1];
  if (cell !== undefined) return cell;
  return /scripts\/start\.js/.test(line) ? 'launcher' : 'server';
}
