import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './product.ts';

/** Where Debian keeps its PostgreSQL 15: the oldest that we promise. */
const programs = '/usr/lib/postgresql/15/bin';

/** Whether it is installed here. */
export const hasDebian = (): boolean => existsSync(path.join(programs, 'pg_ctl'));

/** A server of Debian's PostgreSQL 15 that somebody else runs, as it looks to us. */
export interface Debian extends AsyncDisposable {
  /** Its folder of data. */
  readonly data: string;
  url(user: string, database: string): string;
  /** Starts it again at the same address after it was killed. */
  revive(): Promise<void>;
}

/** Makes and starts one below a folder; its superuser is `postgres`, and it trusts whoever comes from this machine. */
export async function openDebian(home: string): Promise<Debian> {
  const folder = path.join(home, 'fifteen');
  mkdirSync(folder, { mode: 0o700 });
  const account = accountOf();
  if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
  const data = path.join(folder, 'data');
  const port = await freePort();
  const run = (program: string, ...args: string[]) =>
    promisify(execFile)(path.join(programs, program), args, {
      ...account,
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    });
  await run('initdb', '--pgdata', data, '--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync');
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
  const revive = async () =>
    void (await run('pg_ctl', '-D', data, '-l', path.join(folder, 'log'), '-w', '-o', options, 'start'));
  await revive();
  return {
    data,
    url: (user, database) => `postgres://${user}@127.0.0.1:${port}/${database}`,
    revive,
    [Symbol.asyncDispose]: async () => void (await run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop')),
  };
}

/** Postgres does not run as root. */
function accountOf(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
