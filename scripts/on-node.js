import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runOn } from './child.js';
import { CannotStart, nodeFlags, prepare, root } from './preflight.js';

/**
 * Runs a file on Node 24 in our place, installing it first when it is missing, and gives the exit code. It ends with us even where nothing
 * can be passed on: it holds a channel to us, and `leash.js` in it listens for the channel's end.
 */
export async function onNode(file, args, options = {}) {
  const node = await prepare();
  const leash = pathToFileURL(path.join(root, 'scripts/leash.js')).href;
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  return runOn(node, [...nodeFlags, '--import', leash, file, ...args], { env: environment(), stdio, ...options });
}

/** Our environment with the clone's own programs in front, so that `#!/usr/bin/env node` finds Node 24 too. */
export function environment() {
  const bin = path.join(root, 'node_modules/.bin');
  return { ...process.env, PATH: [bin, process.env.PATH].join(path.delimiter) };
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
