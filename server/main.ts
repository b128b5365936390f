import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Config } from './config.ts';
import { openDoors } from './doors.ts';
import { databaseTrouble } from './http/database-trouble.ts';
import { openMetrics } from './http/health.ts';
import { openWorkerDoor } from './http/worker-door.ts';
import { openLog } from './log/log.ts';
import { openProcess, version } from './process.ts';
import type { Process, Role } from './process.ts';
import { openRooms } from './rooms.ts';
import type { Rooms } from './rooms.ts';

/** How long a stop waits for stages under way before their claims are handed back; after a second signal it waits no more. */
const drainMs = 25_000;
/** How long requests under way may take before that; streams end at once. */
const answerMs = 4_000;
const hurryMs = 8_000;
/** The database has been migrated beyond this build: what a supervisor answers with the new build (SAFETY G26). */
const outdated = 57;
/** The exit code of a process that cannot go on and means to be started anew (EX_TEMPFAIL); `npm start` does so. */
const startMeAgain = 75;

/**
 * Opens a process in a role and keeps it going until it is told to stop (SIGINT, SIGTERM): it then takes no more work,
 * waits for what is under way, hands the rest back and ends with 0. What it cannot survive ends it with 75, so that a
 * supervisor starts it anew.
 */
export async function serve(
  config: Config,
  role: Exclude<Role, 'starter'>,
  say: (sentence: string) => void,
): Promise<void> {
  const log = openLog({ level: config.logLevel });
  // The engine works from the moment it is open; calls of other workflows wait until their room is.
  const around = Promise.withResolvers<Rooms>();
  let rooms: Rooms | undefined;
  const opened = await openProcess({
    config,
    role,
    log,
    say,
    findCallable: async (workspace, workflow) => (await around.promise).findCallable(workspace, workflow),
    onCommit: (actor, facts) => rooms?.committed(actor, facts),
    // The queue says by the exit code that it is outdated, each lane once, and has stopped taking jobs: what is under way may end.
    onFatal: (error) => (process.exitCode === outdated ? leaveOnce(log) : fatal(log, error)),
  });
  const most = {
    backlogMost: config.backlog,
    queueMost: { events: config.backlog, bytes: config.backlogBytes },
    storedMost: config.workspaceBytes,
  };
  rooms = await openRooms({
    opened,
    log,
    url: config.hooksUrl ?? config.url,
    role,
    bodyMost: config.webhookBytes,
    trustProxy: config.trustProxy,
    most,
  });
  around.resolve(rooms);
  const close = await openFront(opened, rooms, config, role, log, say);
  process.on('unhandledRejection', (error) => {
    if (!isNobodysLoss(error)) fatal(log, error);
    log.warn({ err: error }, 'the database went away under a query that nobody waits for');
  });
  // Listening for the signals begins before anybody is told that the process is ready: whoever was told may send one.
  const stopped = stopSignal(close, opened.engine, log);
  log.info({ boot: opened.boot, role }, 'ready');
  await stopped;
  log.info({ boot: opened.boot }, 'stopped');
}

/** Opens the doors of a process that has them; gives the way to close it all, doors first. */
async function openFront(
  opened: Process,
  rooms: Rooms,
  config: Config,
  role: Exclude<Role, 'starter'>,
  log: ReturnType<typeof openLog>,
  say: (sentence: string) => void,
): Promise<() => Promise<void>> {
  const closeBehind = async (withinMs: number) => {
    await rooms.close();
    await opened.close(withinMs);
  };
  if (role === 'worker') return openBack(opened, config, say, closeBehind);
  const { routes, annexes, socketRoutes } = rooms;
  try {
    const doors = await openDoors({
      config,
      database: opened.ground.database,
      http: opened.http,
      log,
      version,
      routes,
      annexes,
      socketRoutes,
      metrics: metricsOf(opened),
    });
    const port = await doors.listen();
    say(`Heddle is at ${config.port === port ? config.url : `http://localhost:${port}`}`);
    return async () => {
      await doors.close(answerMs);
      await closeBehind(drainMs);
    };
  } catch (error) {
    await closeBehind(0);
    throw asPortTaken(error);
  }
}

/** The numbers of this process, with how busy its engine is. */
function metricsOf({ engine, compute }: Process): Registry {
  const registry = openMetrics();
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('heddle_stages_carried', 'Stages that this process runs at this moment.', () => engine.carrying);
  gauge(
    'heddle_stages_computing',
    'Of these, how many compute; the others wait for an answer.',
    () => engine.computing,
  );
  gauge('heddle_stages_waiting_bytes', 'What stages that may wait weigh together.', () => engine.waitingBytes);
  gauge('heddle_compute_processes', 'Processes that compute what is long for nodes.', () => compute.pids.length);
  return registry;
}

/** A port that is taken, as a person needs to hear it; any other error as it is. */
const asPortTaken = (error: unknown): unknown =>
  error instanceof Error && 'port' in error && 'code' in error && error.code === 'EADDRINUSE'
    ? new Error(
        `Port ${error.port} is taken, perhaps by a Heddle that runs already: stop that one, or choose another port with --port or PORT.`,
        { cause: error },
      )
    : error;

/** A worker's one door, where it was given a port; gives the way to close it all. */
async function openBack(
  { ledger }: Process,
  { host, workerPort }: Config,
  say: (sentence: string) => void,
  closeBehind: (withinMs: number) => Promise<void>,
): Promise<() => Promise<void>> {
  if (workerPort === undefined) return () => closeBehind(drainMs);
  try {
    const door = await openWorkerDoor({ host, port: workerPort, ready: async () => ledger.sql`select 1` });
    say(`This worker answers for its health at http://localhost:${door.port}/readyz`);
    return async () => {
      door.closing();
      await closeBehind(drainMs);
      await door.close();
    };
  } catch (error) {
    await closeBehind(0);
    throw asPortTaken(error);
  }
}

let isLeaving = false;
function leaveOnce(log: ReturnType<typeof openLog>): void {
  if (isLeaving) return;
  isLeaving = true;
  log.warn('the database is beyond this build, which stops in order');
  process.emit('SIGTERM');
}

function fatal(log: ReturnType<typeof openLog>, error: unknown): never {
  log.fatal({ err: error }, 'the process cannot go on');
  process.exit(startMeAgain);
}

/**
 * graphile-worker does not wait for the word that a job is done (SAFETY G6): when the database goes away at that moment, nobody hears of it.
 * Nothing is lost by that, because a job is only a wake-up; ending the process would take everything else in it along.
 */
const isNobodysLoss = (error: unknown): boolean => databaseTrouble(error) !== undefined;

/** Resolves when the process has been told to stop and has closed. Told a second time, it hands back at once what is still under way. */
function stopSignal(
  close: () => Promise<void>,
  engine: Process['engine'],
  log: ReturnType<typeof openLog>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let closing: Promise<void> | undefined;
    const stop = () => {
      // A database that is half gone must not keep a stopped process alive: what it held is recovery's.
      const endWithin = (ms: number) => setTimeout(() => process.exit(1), ms).unref();
      if (closing) {
        log.info('told to stop again: what is under way is handed back');
        engine.hurry();
        return void endWithin(hurryMs);
      }
      log.info('told to stop: no more work is taken');
      closing = close();
      endWithin(answerMs + drainMs + hurryMs);
      closing.then(resolve, reject);
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
}
