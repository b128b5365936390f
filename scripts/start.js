import path from 'node:path';
import { build } from './build.js';
import { endWith, onNode, underNpm } from './on-node.js';
import { prepare, root } from './preflight.js';

// npm start: installs and builds what is missing or old, then serves.
await endWith(async () => {
  await prepare();
  const code = await build();
  return code || onNode(path.join(root, 'dist/server/cli.mjs'), ['start', ...process.argv.slice(2)], { underNpm });
});
