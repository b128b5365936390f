import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runOn, isAlive } from './child.js';

// Plain JavaScript, and only what Node 20 knows: this runs before Node 26 is there.

/** The package's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Flags that every process of ours on Node 26 gets: isolated-vm asks for the first, type stripping warns without the second. */
export const nodeFlags = ['--no-node-snapshot', '--disable-warning=ExperimentalWarning'];

/** A reason not to start, as a sentence for the person. */
export class CannotStart extends Error {}

/**
 * Makes this clone runnable and gives the path of a Node 26: installs what the lock names and node_modules lacks. Says what it does on stderr,
 * because stdout belongs to the command. Throws `CannotStart`.
 */
export async function prepare() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new CannotStart(`Heddle needs Node 20 or later to start, and this is ${process.version}.`);
  if (lacksPackages()) await install();
  return findNode();
}

/** The Node 26 that npm installed with us, else the one that runs this if it is new enough. */
export function findNode() {
  const { platform, arch } = process;
  const ours = [`node-${platform === 'win32' ? 'win' : platform}-${arch}`, `node-bin-${platform}-${arch}`]
    .map((name) => path.join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node'))
    .find((file) => existsSync(file));
  if (ours) return ours;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  throw new CannotStart(
    `There is no Node 26 package for ${process.platform}-${process.arch}: install Node 26 yourself, then try again.`,
  );
}

/**
 * Whether node_modules differs from the lock. Compared by content and not by time, which a checkout sets as it likes. Optional packages may be
 * missing (other platforms'), but not at another version; development packages may be missing from an install that left them out.
 */
export function lacksPackages(folder = root) {
  const wanted = packagesOf(path.join(folder, 'package-lock.json'));
  const present = packagesOf(path.join(folder, 'node_modules/.package-lock.json'));
  if (!present) return true;
  if (!wanted) return false;
  return Object.entries(wanted).some(([where, { version, optional, dev, devOptional }]) => {
    if (where === '') return false;
    const found = present[where];
    return found ? found.version !== version : !optional && !dev && !devOptional;
  });
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined;
}

/** Install scripts stay off: nothing of ours needs one, and they are where a poisoned package would bite. */
async function install() {
  await alone(async () => {
    if (!lacksPackages()) return; // another process has just done it
    process.stderr.write('Installing what Heddle needs (about half a minute, once) …\n');
    const flags = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const code = await runOn('npm', flags, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    if (code !== 0)
      throw new CannotStart('npm ci failed (see above): Heddle needs the npm registry once, to install its packages.');
  });
}

/** One installation at a time for this clone. The lock lies outside, because npm ci begins by deleting node_modules. */
async function alone(work) {
  const lock = path.join(tmpdir(), `heddle-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  const owner = path.join(lock, 'pid');
  for (let waited = 0; !take(lock, owner); waited += 1) {
    if (waited === 0) process.stderr.write('Another process is installing Heddle: waiting for it …\n');
    if (existsSync(owner) && !isAlive(Number(readFileSync(owner, 'utf8'))))
      rmSync(lock, { recursive: true, force: true });
    await pause(250);
  }
  try {
    await work();
  } finally {
    rmSync(owner, { force: true });
    rmdirSync(lock);
  }
}

function take(lock, owner) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(owner, String(process.pid));
  return true;
}
