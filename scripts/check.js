import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { endWith, environment } from './on-node.js';
import { nodeFlags, prepare, root } from './preflight.js';

// npm run check: types, walls, unit tests, lint, format. Prints what failed, whole, and one line for each that did not.
const bin = (file) => path.join(root, 'node_modules', file);
// What did not change since the last check is not worked out again.
const types = (where) => ({
  name: `types ${where}`,
  args: [
    bin('typescript/bin/tsc'),
    '-p',
    where,
    '--incremental',
    '--tsBuildInfoFile',
    bin(`.cache/types-${where === '.' ? 'root' : where}.tsbuildinfo`),
  ],
});

await endWith(async () => {
  const node = await prepare();
  const began = performance.now();
  const waiting = [
    {
      name: 'house, unit tests',
      args: [bin('vitest/vitest.mjs'), 'run', '--project', 'unit', '--project', 'nodes', '--project', 'app'],
    },
    types('.'),
    ...['flow', 'nodes', 'app'].filter((where) => existsSync(path.join(root, where, 'tsconfig.json'))).map(types),
    {
      name: 'format',
      args: [
        bin('prettier/bin/prettier.cjs'),
        '--check',
        '--cache',
        '--log-level=warn',
        '--ignore-unknown',
        ...tracked(),
      ],
    },
    { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--type-aware', '--quiet'] },
    { name: 'lock', args: [path.join(root, 'scripts/check-lock.js')] },
  ];
  const failed = [];
  const lane = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift())
      if (!(await pass(node, task))) failed.push(task.name);
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  console.log(`${failed.length === 0 ? 'All well' : `Failed: ${failed.join(', ')}`} (${seconds(began)}).`);
  return failed.length === 0 ? 0 : 1;
});

function pass(node, { name, args }) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...nodeFlags, ...args], {
      cwd: root,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = [];
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds(began)})`);
      if (code !== 0) console.log(Buffer.concat(said).toString().trimEnd());
      resolve(code === 0);
    });
  });
}

/** What is committed or about to be; scratch files of the moment are nobody's business. */
function tracked() {
  try {
    const listed = execFileSync('git', ['ls-files', '-z'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return listed.split('\0').filter((file) => file && existsSync(path.join(root, file)));
  } catch {
    return ['.']; // no checkout, or no git
  }
}

function seconds(began) {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
