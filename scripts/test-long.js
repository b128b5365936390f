import { spawn } from 'node:child_process';
import { endWith, environment } from './on-node.js';
import { nodeFlags, prepare, root } from './preflight.js';

// npm run test:long [-- PART…]: what takes too long for every change: the laws over many more cases, the drills, which break something under
// the built server, and what is tried on it as an attacker would. Prints a line for each part, what failed whole, and as the very last line `N passed, N failed`.
const drill = (name, times) => ({
  name: `drill ${name}`,
  args: ['scripts/drills/main.ts', name, ...(times === undefined ? [] : ['--times', String(times)])],
});
const laws = (project) => ({
  name: `laws ${project}`,
  args: ['node_modules/vitest/vitest.mjs', 'run', '--project', project],
  env: { HEDDLE_TEST_TIMES: '8' },
});
/** What is too large for `npm test` alone: files of tests that try more when they are told so, and journeys. */
const larger = (name, args) => ({ name, args, env: { HEDDLE_TEST_TIMES: '2' } });
/** A law that is tried from outside, on the built server (`npm run test:attacks`). */
const law = (name) => ({ name: `law ${name}`, args: ['scripts/attacks/main.ts', '--law', name] });
/** `npm run check` has types from its lint; here the compiler itself has the word. */
const types = (where) => ({ name: `types ${where}`, args: ['node_modules/typescript/bin/tsc', '-p', where] });
const parts = [
  ...['.', 'flow', 'nodes', 'app'].map(types),
  laws('unit'),
  laws('nodes'),
  laws('app'),
  drill('killed', 8),
  drill('postgres'),
  drill('network'),
  drill('namespaces'),
  drill('rolling', 4),
  drill('roles'),
  drill('fifteen'),
  drill('refused'),
  drill('stalled', 3),
  law('one-request'),
  law('tenants'),
  law('streams'),
  law('every-node'),
  larger('downloads', ['node_modules/vitest/vitest.mjs', 'run', '--project', 'faults', 'downloads']),
  larger('journeys', ['node_modules/@playwright/test/cli.js', 'test']),
];

await endWith(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(', ')}: choose from ${parts.map(({ name }) => name).join(', ')}.`);
  const node = await prepare();
  const failed = [];
  const chosen = parts.filter(({ name }) => asked.length === 0 || asked.includes(name));
  for (const part of chosen) if (!(await holds(node, part))) failed.push(part.name);
  for (const name of failed) console.log(`FAILED ${name}`);
  console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
});

/** Runs one part; what it said is shown when it failed. */
function holds(node, { name, args, env = {} }) {
  const began = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(node, [...nodeFlags, ...args], {
      cwd: root,
      env: { ...environment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      console.log(`${code === 0 ? '✓' : '✗'} ${name} (${Math.round((Date.now() - began) / 1000)} s)`);
      if (code !== 0) console.log(Buffer.concat(said).toString().trimEnd().slice(-20_000));
      resolve(code === 0);
    });
  });
}
