#!/usr/bin/env node
import path from 'node:path';
import { endWith, onNode, underNpm } from './on-node.js';
import { root } from './preflight.js';
import { isFresh } from './sources.js';

// The command line: the bundle where it was built from these sources, else the sources themselves, which start a second later.
const entry = isFresh('server') ? 'dist/server/cli.mjs' : 'server/cli/main.ts';
await endWith(() => onNode(path.join(root, entry), process.argv.slice(2), { underNpm }));
