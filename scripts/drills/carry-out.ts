import { hasDebian } from './debian.ts';
import { lineOf } from './law.ts';
import type { Law } from './law.ts';
import type { On } from './outer.ts';
import { brokenOf } from './report.ts';
import type { Report } from './report.ts';

/** What every drill may be told. */
export interface DrillOptions {
  /** How often, or how long: each drill says of what. */
  readonly times?: number;
  /** What is drawn at random follows from it. */
  readonly seed?: number;
  /** The Postgres that it stands on; the embedded one when left out. */
  readonly on?: On;
}

/** What the command line says of every drill, as `parseArgs` takes it. */
export const drillFlags = {
  times: { type: 'string' },
  seed: { type: 'string' },
  on: { type: 'string', default: 'embedded' },
} as const;

/** Reads them; a sentence when they make no sense here. */
export function readOptions({ times, seed, on }: { times?: string; seed?: string; on: string }): DrillOptions | string {
  if (on !== 'embedded' && on !== 'fifteen') return `--on is embedded or fifteen, not ${on}.`;
  if (on === 'fifteen' && !hasDebian()) return 'There is no PostgreSQL 15 here: apt-get install postgresql-15.';
  return {
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    on,
  };
}

/** Tries something on the built server and real processes, and says what became of it. */
export type Drill = (options: DrillOptions) => Promise<Report>;

/** Carries drills out one after the other, prints what each has to say and then all of their laws, a line each. Whether every promise was kept. */
export async function carryOut(drills: readonly (readonly [name: string, Drill])[], options: DrillOptions) {
  const laws: Law[] = [];
  let isKept = true;
  for (const [name, drill] of drills) {
    const began = Date.now();
    const report = await drill(options);
    const broken = brokenOf(report);
    console.log(`\n${name} (${Math.round((Date.now() - began) / 1000)} s)`);
    for (const [figure, value] of Object.entries(report.figures)) console.log(`  ${figure}: ${value}`);
    for (const sentence of broken) console.log(`  BROKEN: ${sentence}`);
    console.log(broken.length === 0 ? '  held' : '  broken');
    laws.push(...(report.laws ?? []));
    isKept &&= broken.length === 0;
  }
  if (laws.length > 0) console.log(`\n${laws.map(lineOf).join('\n')}`);
  return isKept;
}
