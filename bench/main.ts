import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../server/root.ts';
import { startToReady } from './start.ts';
import { table } from './table.ts';
import type { Figures } from './table.ts';

/**
 * `npm run bench [-- --json FILE] [-- --only S1,S4,raw] [-- --seconds 12] [-- --prof FOLDER]`: measures the scenarios of SPEED.md and prints them beside what
 * must be reached. Each part has a freshly started process and an empty database. Until there is a web server the load is
 * made in the engine's own process, and the raw limit that S1 is compared with is measured so too.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string', default: 'S1,S2,S4,S5,raw,memory,start' },
    seconds: { type: 'string', default: '12' },
    'warm-up': { type: 'string', default: '5' },
    prof: { type: 'string' },
  },
});
const there = ['S1', 'S2', 'S4', 'S5', 'raw', 'memory', 'start'];
const asked = values.only.split(',').map((name) => name.trim());
const unknown = asked.filter((name) => !there.includes(name));
if (unknown.length > 0) {
  console.error(
    `There is no ${unknown.join(', ')}; there are ${there.join(', ')}. S3, S6 and canvas need the web and come with it.`,
  );
  process.exit(2);
}

const [busy = 0] = loadavg();
if (busy > availableParallelism() / 2)
  console.error(`The machine is busy (load ${busy.toFixed(1)}): compare ratios, not figures.`);

const figures: Figures = {};
for (const name of there.filter((part) => asked.includes(part))) {
  console.error(`${name} …`);
  const home = mkdtempSync(path.join(tmpdir(), 'heddle-bench-'));
  // Started by root, Postgres runs as somebody else: into a closed folder it would not go, and would leave its data in /var/lib/heddle.
  chmodSync(home, 0o755);
  try {
    figures[name] = name === 'start' ? await startToReady(home) : await measure(name, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
console.log(
  `${cpus()[0]?.model ?? 'a machine'}, ${availableParallelism()} cores; the load in the engine’s own process\n`,
);
console.log(table(figures));
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);

function measure(name: string, home: string): Promise<Record<string, unknown>> {
  const prof = values.prof
    ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(values.prof)}`, `--cpu-prof-name=${name}.cpuprofile`]
    : [];
  const args = [
    '--no-node-snapshot',
    ...prof,
    path.join(packageRoot, 'bench/part.ts'),
    name,
    values.seconds,
    values['warm-up'],
  ];
  const env = { ...process.env, HEDDLE_HOME: home, DATABASE_URL: '', PORT: '0', NODE_NO_WARNINGS: '1' };
  const child = spawn(process.execPath, args, { cwd: packageRoot, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(out).toString().trim().split('\n').at(-1) ?? '';
      if (code === 0) resolve(JSON.parse(text));
      else reject(new Error(`${name} ended with ${code}: ${text}`));
    });
  });
}
