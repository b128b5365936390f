import path from 'node:path';
import { endWith, onNode } from './on-node.js';

// node scripts/with-node.js FILE [args…]: runs a TypeScript file of this package on Node 26.
const [file, ...args] = process.argv.slice(2);
await endWith(() => {
  if (!file) throw new Error('usage: node scripts/with-node.js FILE [args…]');
  return onNode(path.resolve(file), args);
});
