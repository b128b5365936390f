import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** A program written as plain JavaScript, and the folder with all of it. */
export interface Emitted {
  readonly runner: string;
  readonly folder: string;
}

/**
 * Writes a TypeScript module and the modules of the server that it imports as plain JavaScript to a temporary folder; the caller removes that. Only for
 * running from source: the jitless child has no WebAssembly, and with that no type stripping.
 */
export function emit(entry: string): Emitted {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-sandbox-'));
  const source = dirname(entry);
  const server = dirname(source);
  const plain = (file: string) => join(folder, file.replace(/\.ts$/, '.mjs'));
  const first = relative(server, entry);
  const todo = [first];
  for (const file of todo) {
    const text = stripTypeScriptTypes(readFileSync(join(server, file), 'utf8'), { mode: 'strip' });
    const rewritten = text.replace(/(from ')(\.\.?\/[^']+)\.ts'/g, (_, from: string, path: string) => {
      const imported = join(dirname(file), `${path}.ts`);
      if (!todo.includes(imported)) todo.push(imported);
      return `${from}${path}.mjs'`;
    });
    mkdirSync(dirname(plain(file)), { recursive: true });
    writeFileSync(plain(file), rewritten);
  }
  copyLibraries(source, dirname(plain(first)));
  return { runner: plain(first), folder };
}

/** Puts what isolates may load beside a child's program; `source` is this folder. */
export function copyLibraries(source: string, folder: string): void {
  const libraries = bundledLibraries(source);
  for (const file of readdirSync(libraries)) copyFileSync(join(libraries, file), join(folder, file));
}

/** The folder with what isolates may load, bundled once for each state of its sources and of the packages in it. */
function bundledLibraries(source: string): string {
  const root = join(source, '../..');
  const sources = readdirSync(join(source, 'library')).map((file) => join(source, 'library', file));
  const sum = createHash('sha256');
  for (const file of [...sources, join(root, 'package.json'), join(root, 'scripts/sandbox-library.js')])
    sum.update(readFileSync(file));
  const cache = join(root, 'node_modules/.cache');
  const folder = join(cache, `sandbox-library-${sum.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  execFileSync(process.execPath, ['--no-warnings', join(root, 'scripts/sandbox-library.js'), folder]);
  return folder;
}
