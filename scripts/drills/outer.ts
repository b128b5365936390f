import path from 'node:path';
import postgres from 'postgres';
import { joinEmbeddedPostgres } from '../../server/db/embedded.ts';
import { openDebian } from './debian.ts';

/** On which Postgres a drill stands: the one that comes with the product, or Debian's 15. */
export type On = 'embedded' | 'fifteen';

/** A Postgres that is not the product's own: it comes to it by DATABASE_URL. */
export interface Outer extends AsyncDisposable {
  readonly url: string;
  /** Its folder of data, by which its processes are found. */
  readonly data: string;
  /** Starts it again after it was killed. */
  revive(): Promise<void>;
}

/** Starts one below a folder, with an empty database `heddle` whose owner `heddle` may do everything. */
export async function openOuter(home: string, on: On): Promise<Outer> {
  if (on === 'fifteen') return await openFifteen(home);
  const cluster = await joinEmbeddedPostgres({ home });
  return {
    url: cluster.url,
    data: path.join(home, 'postgres/data'),
    revive: async () => void (await cluster.revive()),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}

async function openFifteen(home: string): Promise<Outer> {
  const debian = await openDebian(home);
  const admin = postgres(debian.url('postgres', 'postgres'), { max: 1, onnotice: () => {} });
  await admin`create role heddle superuser login`;
  await admin`create database heddle owner heddle`;
  await admin.end();
  return {
    url: debian.url('heddle', 'heddle'),
    data: debian.data,
    revive: () => debian.revive(),
    [Symbol.asyncDispose]: () => debian[Symbol.asyncDispose](),
  };
}
