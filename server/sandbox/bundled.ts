import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The libraries of `library/` as the bundler left them beside the child's program, by name: texts that an isolate may ask for. */
export function readLibraries(folder: string): ReadonlyMap<unknown, string> {
  return new Map(
    ['bytes', 'dates', 'query'].map((name) => [name, readFileSync(join(folder, `sandbox-${name}.js`), 'utf8')]),
  );
}
