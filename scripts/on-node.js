import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runOn } from './child.js';
import { CannotStart, nodeFlags, prepare, root } from './preflight.js';

/**
 * Runs a file on Node 26 in our place, installing it first when it is missing, and gives the exit code. It ends with us even where nothing
 * can be passed on: it holds a channel to us, and `leash.js` in it listens for the channel's end.
 */
export async function onNode(file, args, options = {}) {
  const node = await prepare();
  const leash = pathToFileURL(path.join(root, 'scripts/leash.js')).href;
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  return runOn(node, [...nodeFlags, ...smallHeap, '--import', leash, file, ...args], {
    env: environment(),
    stdio,
    ...options,
  });
}

/**
 * The heap may double before it is collected whole; V8 alone lets it grow fourfold, and S1 to S6 then leave 521 MB where 450 are allowed, with
 * this 419. At 30 %, which Node 24 bore well, Node 26 collects so often that a run of S1 costs a third more of the server's processor (0.34
 * against 0.26 ms where Postgres takes 0.12). What lives and dies within a call is collected in 16 MB steps.
 */
const smallHeap = ['--max-semi-space-size=16', '--heap-growing-percent=100'];

/**
 * Our environment with the clone's own programs in front, so that `#!/usr/bin/env node` finds Node 26 too. What V8 compiled is kept beside the
 * bundle: of 0.9 s of processor that a start takes it saves 0.25. With two arenas glibc gives back what threads leave: 12 MB after S1 to S6.
 */
export function environment() {
  const bin = path.join(root, 'node_modules/.bin');
  const ours = { NODE_COMPILE_CACHE: path.join(root, 'dist/.compiled'), MALLOC_ARENA_MAX: '2' };
  return { ...ours, ...process.env, PATH: [bin, process.env.PATH].join(path.delimiter) };
}

/** Ends this process with what `work` gives; what stands in the way of starting is said in a sentence. */
export async function endWith(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`${error instanceof CannotStart ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

/** Whether npm started us (npx, npm start): its shell is then our parent. */
export const underNpm = Boolean(process.env.npm_command);
