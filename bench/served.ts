import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { Workflow } from '../flow/document/workflow.ts';
import { packageRoot } from '../server/root.ts';
import { cpuOf } from './cpu.ts';
import type { Cpu } from './cpu.ts';
import { residentBelow } from './resident.ts';
import type { Resident } from './resident.ts';

/** The product as people have it: `npm start` on a home of its own, reached over HTTP only. */
export interface Served extends AsyncDisposable {
  /** From the start of the command to a 200 of /readyz, ms. */
  readonly startMs: number;
  /** Where it listens. */
  readonly at: string;
  /** Saves a draft and gives its id. */
  save(document: Workflow): Promise<{ id: string }>;
  /** Saves and publishes; gives its id and where its webhook listens. */
  publish(document: Workflow): Promise<{ id: string; url: string }>;
  /** Reads JSON below /api/v1. */
  read(place: string): Promise<unknown>;
  resident(): Resident;
  /** What V8 says of the server's heap, MB: in use, taken from the system, outside of it. */
  heap(): Promise<Heap>;
  /** Processor time used so far. */
  cpu(): Cpu;
  /** Told to stop as by Ctrl-C, and gone. */
  stop(): Promise<void>;
}

/** Who may log in with a password. */
export interface Owner {
  readonly email: string;
  readonly password: string;
}

interface ServeOptions {
  readonly prof?: string | undefined;
  readonly owner?: Owner | undefined;
  /** `host:port` pairs that nodes may call although they are private. */
  readonly allowHosts?: string;
}

const readyWithinMs = 300_000;

/** Starts it on a free port. With `prof`, each Node process leaves a CPU profile in that folder at its end. */
export async function serve(home: string, options: ServeOptions = {}): Promise<Served> {
  const port = await freePort();
  const at = `http://127.0.0.1:${port}`;
  const prof = options.prof && `--cpu-prof --cpu-prof-dir=${path.resolve(options.prof)}`;
  const nodeOptions = [process.env['NODE_OPTIONS'], prof].filter(Boolean).join(' ');
  const owner = options.owner && {
    HEDDLE_ADMIN_EMAIL: options.owner.email,
    HEDDLE_ADMIN_PASSWORD: options.owner.password,
  };
  const allowed = options.allowHosts === undefined ? {} : { HEDDLE_ALLOW_HOSTS: options.allowHosts };
  const own = { ...allowed, HEDDLE_HOME: home, DATABASE_URL: '', PORT: String(port), NODE_OPTIONS: nodeOptions };
  const env = { ...process.env, ...owner, ...own };
  const from = performance.now();
  const child = spawn(process.execPath, [path.join(packageRoot, 'scripts/start.js')], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listen = (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-4_000));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const gone = ended.then(([code]: unknown[]) =>
    Promise.reject(new Error(`npm start ended with ${String(code)}: ${said}`)),
  );
  gone.catch(() => undefined);
  await Promise.race([untilReady(at), gone]);
  const startMs = Math.round(performance.now() - from);
  let key: Promise<string> | undefined;
  const api = async (method: 'GET' | 'POST', place: string, body?: unknown) =>
    answer(at, (await (key ??= makeKey(env))) ?? '', method, place, body);
  const save = async (document: Workflow) => Saved.parse(await api('POST', '/workflows', { document }));
  return {
    startMs,
    at,
    save,
    publish: async (document) => {
      const { id } = await save(document);
      const { triggers } = Published.parse(await api('POST', `/workflows/${id}/publish`));
      const hook = triggers.find(({ url }) => url !== undefined)?.url ?? at;
      return { id, url: `${at}${new URL(hook).pathname}` };
    },
    read: (place) => api('GET', place),
    heap: () => heapAt(at),
    resident: () => residentBelow(child.pid ?? 0),
    cpu: () => cpuOf(child.pid ?? 0, home),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

export interface Heap {
  readonly used: number;
  readonly total: number;
  readonly external: number;
}

/** From the metrics, which loopback may read. */
async function heapAt(at: string): Promise<Heap> {
  const text = await (await fetch(`${at}/metrics`)).text();
  const gauge = (name: string) =>
    Math.round(Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0) / 1_048_576);
  return {
    used: gauge('nodejs_heap_size_used_bytes'),
    total: gauge('nodejs_heap_size_total_bytes'),
    external: gauge('nodejs_external_memory_bytes'),
  };
}

const Saved = z.object({ id: z.string() });
const Published = z.object({ triggers: z.array(z.object({ url: z.string().optional() })) });

async function untilReady(at: string): Promise<void> {
  const until = performance.now() + readyWithinMs;
  for (;;) {
    const status = await fetch(`${at}/readyz`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return;
    if (performance.now() > until) throw new Error('npm start is not ready after five minutes');
    await pause(10);
  }
}

async function makeKey(env: NodeJS.ProcessEnv): Promise<string> {
  const args = ['apikey', 'create', '--workspace', 'main', '--name', 'bench', '--json'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(packageRoot, 'scripts/heddle.js'), ...args],
    { env: { ...env, NODE_OPTIONS: '' } },
  );
  return z.object({ key: z.string() }).parse(JSON.parse(stdout)).key;
}

async function answer(at: string, key: string, method: string, place: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${at}/api/v1${place}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${place} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
