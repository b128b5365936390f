import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * The package's folder, found by walking up to package.json: a bundle moves `import.meta.dirname`, the package stays.
 * Throws when there is none, which means that the files were copied out of their package.
 */
export const packageRoot = findRoot(import.meta.dirname);

function findRoot(from: string): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  const above = path.dirname(from);
  if (above === from) throw new Error('Heddle runs from inside its package, but no package.json is above it.');
  return findRoot(above);
}
