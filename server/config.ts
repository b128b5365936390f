import path from 'node:path';
import * as z from 'zod';
import { misfitWords } from '../flow/document/misfit-words.ts';
import { usualFamily } from './engine/families.ts';
import type { FamilyLimits } from './engine/families.ts';
import { packageRoot } from './root.ts';
import { readShelf, shelfEnvironment } from './shelf-setting.ts';
import type { ShelfSetting } from './shelf-setting.ts';

const seconds = (fallback: number) =>
  z.coerce
    .number('must be a number of seconds')
    .positive('must be more than 0 seconds')
    .default(fallback)
    .transform((value) => Math.round(value * 1000));

const count = (least: number, fallback: number) =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(least, `must be ${least} or more`)
    .default(fallback);

const port = (fallback: number) => count(0, fallback).refine((value) => value < 65_536, 'must be below 65536');

/** `host:port` pairs, as `127.0.0.1:4801,[::1]:4802`. */
const hosts = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((entry) => (entry.trim() ? [entry.trim()] : [])))
  .refine(
    (entries) => entries.every((entry) => /^(\[[\da-f:.]+\]|[^\s:/[\]]+):\d{1,5}$/i.test(entry)),
    'must be host:port pairs with commas between them, such as 127.0.0.1:4801',
  );

const Environment = z.object({
  PORT: port(4000),
  HEDDLE_HOST: z.string().default('127.0.0.1'),
  HEDDLE_URL: z.url('must be an address such as https://heddle.example.com').optional(),
  HEDDLE_HOOKS_URL: z.url('must be an address such as https://hooks.example.com').optional(),
  HEDDLE_HOME: z.string().default(path.join(packageRoot, '.heddle')),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must start with postgres://' }).optional(),
  HEDDLE_SLOTS: count(0, 64),
  HEDDLE_WAITING: count(1, 256),
  HEDDLE_BACKLOG: count(1, 20_000),
  HEDDLE_BACKLOG_SIZE: count(1, 1_024),
  HEDDLE_STREAMS: count(1, 2_000),
  HEDDLE_WORKSPACES: count(1, 20),
  HEDDLE_WORKSPACE_STORAGE: count(0, 0),
  HEDDLE_WORKERS: count(0, 8),
  HEDDLE_WORKER_PORT: z.coerce.number('must be a number').int().min(0).max(65_535, 'must be below 65536').optional(),
  HEDDLE_ALLOW_HOSTS: hosts,
  HEDDLE_TRUST_PROXY: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((entry) => (entry.trim() ? [entry.trim()] : []))),
  HEDDLE_ADMIN_EMAIL: z.email('must be an e-mail address').optional(),
  HEDDLE_ADMIN_PASSWORD: z.string().optional(),
  HEDDLE_MASTER_KEY: z
    .string()
    .min(16, 'must have 16 characters or more; openssl rand -base64 32 makes one')
    .optional(),
  HEDDLE_LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be trace, debug, info, warn, error, fatal or silent',
    )
    .default('info'),
  HEDDLE_HEARTBEAT: seconds(5),
  HEDDLE_LEASE: seconds(20),
  HEDDLE_SWEEP: seconds(5),
  HEDDLE_KEEP_RUNS: count(0, 30),
  HEDDLE_RUN_STEPS: count(1, 10_000),
  HEDDLE_RUN_JOURNAL: count(1, 64),
  HEDDLE_RUN_CODE: seconds(15 * 60),
  HEDDLE_RUN_FAMILY: count(1, usualFamily.runs),
  HEDDLE_RUN_FAMILY_ITEMS: count(1, usualFamily.items),
  HEDDLE_RUN_DEPTH: count(1, usualFamily.depth).refine((value) => value <= 1_000, 'must be 1000 or less'),
  HEDDLE_COMPUTE_MEMORY: count(64, 512).refine((value) => value <= 16_384, 'must be 16384 or less'),
  HEDDLE_WEBHOOK_SIZE: count(1, 16).refine((value) => value <= 256, 'must be 256 or less'),
  HEDDLE_DOWNLOAD_SIZE: count(10, 64).refine((value) => value <= 1_024, 'must be 1024 or less'),
  ...shelfEnvironment,
});

/** What a process was told, read once at its start and handed on; nothing else reads the environment. */
export interface Config {
  /** Where the server listens; 0 takes any free port. */
  host: string;
  port: number;
  /** The address that people and other programs use, without a slash at the end. */
  url: string;
  /** The address of webhooks, forms and links where they have one of their own; no screens and no API answer there. */
  hooksUrl: string | undefined;
  /** The folder of the embedded Postgres, keys and files; absolute. */
  home: string;
  /** Unset: the embedded Postgres. */
  databaseUrl: string | undefined;
  /** How many stages compute in this process at once; 0 leaves all to workers (ENGINE E4). */
  slots: number;
  /** What stages that wait for something outside may weigh together, in bytes. */
  waitingBytes: number;
  /** Stages that one workspace may have ready to run, and events that may wait to start, before new calls of its triggers are refused. */
  backlog: number;
  /** What came with events of one workspace that wait to start, in bytes. */
  backlogBytes: number;
  /** How many streams of events this process keeps open at once. */
  streams: number;
  /** How many workspaces one person may make. */
  workspaces: number;
  /** What a workspace may keep of its runs, values and files, in bytes; unset: any amount. */
  workspaceBytes: number | undefined;
  /** How many jobs of each lane a worker process carries out at once. */
  workers: number;
  /** Where a worker process answers for its health; unset: nowhere. */
  workerPort: number | undefined;
  /** `host:port` pairs that nodes may call although they are private. */
  allowHosts: readonly string[];
  /** Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. */
  trustProxy: readonly string[];
  admin: { email: string; password: string } | undefined;
  /** Seals credentials and sessions; unset: key files under `home`. */
  masterKey: string | undefined;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** How often a worker says that it lives, how long a claim holds without that, how often lost claims are looked for; milliseconds. */
  heartbeat: number;
  lease: number;
  sweep: number;
  /** Days for which runs that are over are kept, with their data; 0 keeps them for ever. */
  keepRuns: number;
  /** What one run may use at most. */
  runLimits: { steps: number; journalBytes: number; codeMs: number };
  /** What one run may start, directly or not. */
  runFamily: FamilyLimits;
  /** The heap of each process that carries out long work of nodes, in MB. */
  computeMb: number;
  /** The most that a call of a webhook or a form may send, in bytes. */
  webhookBytes: number;
  /** The most that one answer of another server may have which becomes a file, in bytes. */
  downloadBytes: number;
  /** Where the bytes of large values stand; unset: in Postgres. */
  shelf: ShelfSetting | undefined;
}

/** A setting that makes no sense: the message names it and says what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the settings. `flags` are what the command line gave, under the names of the environment; they win. An empty variable counts as unset.
 * Throws a `ConfigError` with a line for each setting that makes no sense.
 */
export function readConfig(
  env: Record<string, string | undefined> = process.env,
  flags: Partial<Record<keyof z.input<typeof Environment>, string>> = {},
): Config {
  const given = Object.entries({ ...env, ...flags }).filter(([, value]) => value !== undefined && value !== '');
  const parsed = Environment.safeParse(Object.fromEntries(given));
  if (!parsed.success)
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')} ${misfitWords(issue)}.`).join('\n'),
    );
  const set = parsed.data;
  if (set.HEDDLE_LEASE < 2 * set.HEDDLE_HEARTBEAT) {
    throw new ConfigError(
      'HEDDLE_LEASE must be at least twice HEDDLE_HEARTBEAT: one late beat would lose every claim.',
    );
  }
  const url = (set.HEDDLE_URL ?? `http://localhost:${set.PORT}`).replace(/\/+$/, '');
  return {
    host: set.HEDDLE_HOST,
    port: set.PORT,
    url,
    hooksUrl: hooksUrlOf(set.HEDDLE_HOOKS_URL, url),
    home: path.resolve(set.HEDDLE_HOME),
    databaseUrl: set.DATABASE_URL,
    slots: set.HEDDLE_SLOTS,
    waitingBytes: set.HEDDLE_WAITING * 1024 * 1024,
    backlog: set.HEDDLE_BACKLOG,
    backlogBytes: set.HEDDLE_BACKLOG_SIZE * 1024 * 1024,
    streams: set.HEDDLE_STREAMS,
    workspaces: set.HEDDLE_WORKSPACES,
    workspaceBytes: set.HEDDLE_WORKSPACE_STORAGE === 0 ? undefined : set.HEDDLE_WORKSPACE_STORAGE * 1024 * 1024,
    workers: set.HEDDLE_WORKERS,
    workerPort: set.HEDDLE_WORKER_PORT,
    allowHosts: set.HEDDLE_ALLOW_HOSTS,
    trustProxy: set.HEDDLE_TRUST_PROXY,
    admin: adminOf(set.HEDDLE_ADMIN_EMAIL, set.HEDDLE_ADMIN_PASSWORD),
    masterKey: set.HEDDLE_MASTER_KEY,
    logLevel: set.HEDDLE_LOG_LEVEL,
    heartbeat: set.HEDDLE_HEARTBEAT,
    lease: set.HEDDLE_LEASE,
    sweep: set.HEDDLE_SWEEP,
    keepRuns: set.HEDDLE_KEEP_RUNS,
    runLimits: {
      steps: set.HEDDLE_RUN_STEPS,
      journalBytes: set.HEDDLE_RUN_JOURNAL * 1024 * 1024,
      codeMs: set.HEDDLE_RUN_CODE,
    },
    runFamily: { runs: set.HEDDLE_RUN_FAMILY, items: set.HEDDLE_RUN_FAMILY_ITEMS, depth: set.HEDDLE_RUN_DEPTH },
    computeMb: set.HEDDLE_COMPUTE_MEMORY,
    webhookBytes: set.HEDDLE_WEBHOOK_SIZE * 1024 * 1024,
    downloadBytes: set.HEDDLE_DOWNLOAD_SIZE * 1024 * 1024,
    shelf: shelfOf(set),
  };
}

/** An address without a path, of another host name than the screens': browsers tell cookies apart by name, and by no port. */
function hooksUrlOf(given: string | undefined, url: string): string | undefined {
  if (given === undefined) return undefined;
  const { protocol, hostname, pathname, search, username, origin } = new URL(given);
  if (!/^https?:$/.test(protocol) || pathname !== '/' || search !== '' || username !== '')
    throw new ConfigError('HEDDLE_HOOKS_URL must be an address without a path, such as https://hooks.example.com.');
  if (hostname === new URL(url).hostname)
    throw new ConfigError('HEDDLE_HOOKS_URL must have another host name than HEDDLE_URL: cookies tell no ports apart.');
  return origin;
}

function shelfOf(set: z.output<typeof Environment>): Config['shelf'] {
  const shelf = readShelf(set);
  if (typeof shelf === 'string') throw new ConfigError(shelf);
  return shelf;
}

function adminOf(email: string | undefined, password: string | undefined): Config['admin'] {
  if (email && password) return { email, password };
  if (!email && !password) return undefined;
  throw new ConfigError('HEDDLE_ADMIN_EMAIL and HEDDLE_ADMIN_PASSWORD belong together: one of them is missing.');
}
