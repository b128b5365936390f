import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Writes a TypeScript module and the modules it imports from its own folder as plain JavaScript to a temporary folder, and
 * gives the new path; the caller removes the folder. Only for running from source: the jitless child has no WebAssembly, and with that no type stripping.
 */
export function emit(entry: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-sandbox-'));
  const source = dirname(entry);
  const todo = [entry.slice(source.length + 1)];
  for (const file of todo) {
    const text = stripTypeScriptTypes(readFileSync(join(source, file), 'utf8'), { mode: 'strip' });
    const rewritten = text.replace(/(from ')(\.\/[^']+)\.ts'/g, (_, from: string, path: string) => {
      const imported = join(dirname(file), `${path}.ts`);
      if (!todo.includes(imported)) todo.push(imported);
      return `${from}${path}.mjs'`;
    });
    const target = join(folder, file.replace(/\.ts$/, '.mjs'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, rewritten);
  }
  return join(folder, todo[0]?.replace(/\.ts$/, '.mjs') ?? '');
}
