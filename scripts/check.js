import { spawn } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { endWith, environment } from './on-node.js';
import { nodeFlags, prepare, root } from './preflight.js';

// npm run check: types, walls, unit tests, lint, format. Prints what failed, whole, and one line for each that did not. Laws over many cases and
// hostile input take most of the tests' time: they run in `npm test`.
const bin = (file) => path.join(root, 'node_modules', file);
const lanes = availableParallelism();
/** A fifth of what the compiler in the lint computes is tidying up memory, which a machine that has much of it can do without. */
const roomy = totalmem() > 12e9 ? { GOGC: 'off', GOMEMLIMIT: '6GiB' } : {};
const slow = ['**/*laws.test.ts', '**/hostile.test.ts', 'e2e/**'];

await endWith(async () => {
  const node = await prepare();
  const began = performance.now();
  const waiting = [
    {
      name: 'house, unit tests',
      args: [
        bin('vitest/vitest.mjs'),
        'run',
        ...['unit', 'nodes', 'app'].flatMap((name) => ['--project', name]),
        ...slow.flatMap((files) => ['--exclude', files]),
        `--maxWorkers=${lanes}`,
      ],
    },
    // The rules that ask for types have read all of them: what the compiler says comes with them, of each file by the tsconfig that is its own.
    { name: 'types, lint', args: [bin('oxlint/bin/oxlint'), '--type-aware', '--type-check', '--quiet'] },
    { name: 'format', args: [bin('oxfmt/bin/oxfmt'), '--check'] },
    { name: 'lock', args: [path.join(root, 'scripts/check-lock.js')] },
  ];
  const failed = [];
  const lane = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift())
      if (!(await pass(node, task))) failed.push(task.name);
  };
  await Promise.all(Array.from({ length: Math.min(4, lanes) }, lane));
  console.log(`${failed.length === 0 ? 'All well' : `Failed: ${failed.join(', ')}`} (${seconds(began)}).`);
  return failed.length === 0 ? 0 : 1;
});

function pass(node, { name, args }) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...nodeFlags, ...args], {
      cwd: root,
      env: { ...environment(), ...roomy },
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

function seconds(began) {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}
