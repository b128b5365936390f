import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './preflight.js';

const names = ['bytes', 'dates', 'query'];

/** Bundles what isolates may load, one text a library, into a folder: each makes a variable `library`. */
export async function bundleLibraries(dir) {
  const { build: bundle } = await import('rolldown');
  for (const name of names) {
    await bundle({
      cwd: root,
      platform: 'browser',
      logLevel: 'silent',
      tsconfig: false,
      input: `server/sandbox/library/${name}.ts`,
      output: {
        file: path.join(dir, `sandbox-${name}.js`),
        format: 'iife',
        name: 'library',
        exports: 'named',
        minify: true,
        comments: false,
      },
    });
  }
}

// From source the server asks for them by a process of its own: a bundler is nothing that it should hold.
if (pathToFileURL(process.argv[1] ?? '').href === import.meta.url) {
  const target = process.argv[2] ?? '';
  const draft = mkdtempSync(`${target}-`);
  await bundleLibraries(draft);
  chmodSync(draft, 0o755);
  try {
    renameSync(draft, target);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // Another process was first.
  }
}
