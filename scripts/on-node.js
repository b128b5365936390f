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
 * What lives and dies within a call is collected in 8 instead of 16 MB steps, and the heap grows by 30 % before it is collected whole. After S1
 * to S6 the server holds 245 MB so, 333 with the first alone and 393 with neither; the second costs 7 % of S1 at 50 connections (2,968 against
 * 3,183 a second) and 6 of 97 ms of S4, each measured once on a calm machine.
 */
const smallHeap = ['--max-semi-space-size=8', '--heap-growing-percent=30'];

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
