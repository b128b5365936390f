import path from 'node:path';
import { build } from './build.js';
import { keepRunning } from './keep-running.js';
import { endWith, onNode, underNpm } from './on-node.js';
import { prepare, root } from './preflight.js';

// npm start: installs and builds what is missing or old, then serves, and serves again when the server could not go on.
await endWith(async () => {
  await prepare();
  const code = await build();
  const serve = () => onNode(path.join(root, 'dist/server/cli.mjs'), ['start', ...process.argv.slice(2)], { underNpm });
  return code || keepRunning(serve);
});
