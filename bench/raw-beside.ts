import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { packageRoot } from '../server/root.ts';

/** The raw durable limit (bench/raw.ts) over HTTP, in a process of its own beside the product, on the same Postgres. */
export interface RawBeside {
  readonly url: string;
  /** Ends it; gives the number of runs that the database has, each whole. */
  stop(): Promise<number>;
}

export async function startRaw(home: string): Promise<RawBeside> {
  const args = ['--no-node-snapshot', '--no-warnings', path.join(packageRoot, 'bench/raw-process.ts'), home];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async <T>(shape: z.ZodType<T>) => shape.parse(JSON.parse(String((await lines.next()).value)));
  const ended = once(child, 'close');
  const { url } = await next(z.object({ url: z.string() }));
  const stop = async () => {
    child.kill('SIGTERM');
    const { finished } = await next(z.object({ finished: z.number() }));
    await ended;
    return finished;
  };
  return { url, stop };
}
