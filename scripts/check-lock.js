import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './preflight.js';

/**
 * The optional dependencies that a lock forgot. npm writes such a lock without a word when the registry lacks one platform's binary, and then
 * `npm ci` fails on every machine (npm/cli#4828).
 */
export function holesIn({ packages }) {
  return Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !resolves(packages, where, name))
      .map((name) => `${name}, optional for ${where || 'Heddle'}, is missing from package-lock.json.`),
  );
}

/** Looks for a package as Node would: in the node_modules of each folder from `where` upwards. */
function resolves(packages, where, name) {
  for (let at = where; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (!at) return false;
    if (!at.includes('/node_modules/')) at = '';
  }
}

if (process.argv[1]?.endsWith('check-lock.js')) {
  const holes = holesIn(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')));
  for (const hole of holes) console.log(hole);
  process.exitCode = holes.length > 0 ? 1 : 0;
}
