import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import type { Config } from './config.ts';
import { openWorkerPool } from './db/connect.ts';
import { standOn } from './db/ground.ts';
import type { Ground } from './db/ground.ts';
import { databaseTrouble } from './http/database-trouble.ts';
import { definitionFinder } from './definition-finder.ts';
import { inTime } from './last-words.ts';
import type { Log } from './log/log.ts';
import { seldom } from './log/seldom.ts';
import { Fault } from '../flow/facts/faults.ts';
import { openCatalogue } from './catalogue/catalogue.ts';
import type { NodeCatalogue } from './catalogue/catalogue.ts';
import type { NodeSource } from './catalogue/source.ts';
import { openWallet } from './credentials/wallet.ts';
import type { Wallet } from './credentials/wallet.ts';
import { openGrants } from './powers/grants.ts';
import { forgetFormer } from './credentials/former.ts';
import { redactorFinder, textCleaner } from './powers/known-secrets.ts';
import type { RedactorOf } from './powers/known-secrets.ts';
import { openHttpClient } from './wire/http-client.ts';
import type { HttpClient } from './wire/http-client.ts';
import { lender } from './powers/lend.ts';
import { fileLender } from './powers/file.ts';
import { AnswerRooms } from './powers/answer-rooms.ts';
import { Origins } from './powers/origins.ts';
import { patiently } from './powers/patient.ts';
import { stateLender } from './powers/state.ts';
import { Deliveries, childStarter } from './engine/children.ts';
import { Families } from './engine/families.ts';
import type { FindCallable } from './engine/children.ts';
import type { Fact } from '../flow/facts/fact.ts';
import type { Actor } from './engine/actor.ts';
import { answerPlace } from './engine/answer-rules.ts';
import type { OwnCalls } from './engine/own-calls.ts';
import { forgetLoose, forgetOld } from './journal/retention.ts';
import { countFamily } from './journal/family.ts';
import { timeOutRun } from './runs/time-out.ts';
import { findOthers, wakeAgain } from './journal/claims.ts';
import type { Worker } from './journal/claims.ts';
import { Engine } from './engine/engine.ts';
import { openLedger } from './journal/postgres-ledger.ts';
import type { PostgresLedger } from './journal/postgres-ledger.ts';
import { openAllowLists } from './accounts/allow-lists.ts';
import { openClock } from './db/database-clock.ts';
import type { DatabaseClock } from './db/database-clock.ts';
import type { AllowLists } from './accounts/allow-lists.ts';
import { openCompute } from './compute/compute.ts';
import type { Compute } from './compute/compute.ts';
import { openSandbox } from './sandbox/sandbox.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { Shelf } from './journal/shelf.ts';
import { spool } from './journal/spool.ts';
import { openShelf } from './shelves/open-shelf.ts';
import { openBeat } from './work/beat.ts';
import type { Beat } from './work/beat.ts';
import { whoAmI } from './work/who.ts';
import { fairShare } from './work/fair-share.ts';
import { openLanes } from './work/lanes.ts';
import type { Lanes } from './work/lanes.ts';
import { openSignedWays } from './signed-ways.ts';
import { sweep } from './sweep.ts';
import type { Sweeping } from './sweep.ts';
import { readManifest } from './workflows/versions.ts';

/** What a process does: serve the web, work off the lanes, both; or only start runs (`starter`, as `heddle run` does). */
export type Role = 'all' | 'web' | 'worker' | 'starter';

export interface ProcessOptions {
  readonly config: Config;
  readonly role: Role;
  readonly log: Log;
  readonly findCallable?: FindCallable;
  readonly say?: (sentence: string) => void;
  /** Where nodes come from beside this build; what comes later in the list takes the place of nothing before it. */
  readonly sources?: readonly NodeSource[];
  /** The clock of runs, epoch milliseconds; `heddle run --fast` moves it over timers. */
  readonly clock?: () => number;
  /** Told after each commit of a run that this process carries. */
  readonly onCommit?: (actor: Actor, facts: readonly Fact[]) => void;
  /** The process cannot go on: it must end, so that a supervisor starts it anew. */
  readonly onFatal?: (error: unknown) => void;
}

/** One process of Heddle, open: everything in it shares one database, one engine, one client to the outside, one sandbox. */
export interface Process extends AsyncDisposable {
  readonly boot: string;
  readonly ground: Ground;
  /** The database's time. */
  readonly time: DatabaseClock;
  readonly ledger: PostgresLedger;
  readonly engine: Engine;
  readonly http: HttpClient;
  readonly sandbox: Sandbox;
  readonly compute: Compute;
  readonly wallet: Wallet;
  readonly catalogue: NodeCatalogue;
  /** Of what comes in to a run otherwise than by its requests. */
  readonly redactorOf: RedactorOf;
  /** Calls of runs to our own address. */
  readonly ownCalls: OwnCalls;
  /** Logs what broke and what was being done. */
  readonly broken: Broken;
  /** Answers the calls of a run whose children are over. */
  readonly deliver: (parent: string) => Promise<void>;
  /** Hands leases back within `withinMs`, then closes everything in order. */
  close(withinMs?: number): Promise<void>;
}

/** Of this build. */
export const version = '0.1.0';
/** A beat may be a little late. */
const beatsMissed = 1.5;
/** One runner for each lane. */
const lanesOfEach = 3;
const allowMs = 2_000;
const forgetMs = 10 * 60_000;
const looseMs = 60 * 60_000;
const clockMs = 30_000;
const jumpMs = 1_000;
const awayEveryMs = 5_000;
const awaySentences = {
  away: 'the database is away: calls are answered with 503 until it is back',
  slow: 'the database did not get to something in time: calls that wait for it are answered with 503',
  full: 'the disk of the database is full: calls are refused until there is room',
};

export async function openProcess(options: ProcessOptions): Promise<Process> {
  const { config, role, log, onFatal } = options;
  const boot = `boot_${randomBytes(9).toString('base64url')}`;
  const broken = openBroken(log);
  const ground = await standOn(config, options.say ? { say: options.say } : {});
  const { http, shelf, ledger } = openKeeping(config, { boot, ground, broken });
  const wallet = openWallet({ database: ground.database, config, log });
  const sandbox = openSandbox({ spares: role === 'web' ? 0 : 1 });
  const compute = openCompute({ memoryMb: config.computeMb });
  const allow = openAllowLists(ground.database.app.sql);
  await allow.read();
  const catalogue = openCatalogue(options.sources);
  const time = await openClock(ground.database.engine.sql, log);
  const parts = { boot, ground, time, ledger, http, sandbox, compute, wallet, catalogue, allow, broken };
  const { engine, ownCalls, deliveries, deliver, redactorOf } = openEngine(options, parts);
  const works = role === 'all' || role === 'worker';
  const lanes = works ? await openWork(options, ground, engine, deliveries, broken) : undefined;
  const pools = lanes?.lanes.poolIds ?? [];
  const worker = { boot, ...whoAmI(), host: hostname(), version, roles: [role], pools };
  if (works) await ledger.beat(worker);
  const beats = openBeats({
    config,
    time,
    engine,
    ledger,
    deliveries,
    ground,
    shelf,
    allow,
    broken,
    onFatal,
    worker,
    works,
  });
  const close = async (withinMs = 25_000) => {
    await lanes?.stopTaking();
    await engine.drain(withinMs);
    await inTime(ledger.handBack(), broken, 'handing claims back');
    await Promise.all(beats.map((beat) => beat.stop()));
    await lanes?.close();
    if (works) await inTime(ledger.retire(boot), broken, 'taking this process off the list');
    await Promise.all([sandbox.close(), compute.close()]);
    await ledger.close();
    await http.close(); // large values of the last appends may go out by it
    await ground.close();
  };
  const { allow: _allow, ...open } = parts;
  return { ...open, engine, ownCalls, redactorOf, deliver, close, [Symbol.asyncDispose]: () => close() };
}

interface Beats extends Omit<Beating, 'worker'>, Pick<Parts, 'allow' | 'broken' | 'time'> {
  readonly config: Config;
  readonly deliveries: Deliveries;
  readonly shelf: Shelf | undefined;
  readonly worker: Worker;
  readonly works: boolean;
}

/** All that a process does again and again. */
function openBeats({ config, time, allow, shelf, broken, worker, works, ...parts }: Beats): Beat[] {
  const { engine, ledger, deliveries, ground, onFatal } = parts;
  const every = (ms: number, doing: string, work: (stopping: AbortSignal) => Promise<unknown>) =>
    openBeat(ms, work, (error) => broken(error, doing));
  const keepMs = config.keepRuns * 86_400_000;
  const sweeping: Sweeping = {
    engine,
    ledger,
    deliveries,
    works,
    workers: lanesOfEach * config.workers,
    deadAfterMs: config.lease,
    place: worker.place,
    silentMs: beatsMissed * config.heartbeat,
  };
  const beating = { engine, ledger, ground, worker: works ? worker : undefined, onFatal };
  const all = [
    every(config.heartbeat, 'renewing leases', () => beatOnce(beating)),
    every(config.sweep, 'sweeping', () => sweep(sweeping)),
    every(allowMs, 'reading what workspaces may call', allow.read),
    every(clockMs, 'reading the clock of the database', () => time.sync()),
    every(jumpMs, 'reading the clock of the database', async () => (time.isKnown ? undefined : time.sync())),
  ];
  if (!works) return all;
  return [
    ...all,
    every(forgetMs, 'forgetting old runs', (stopping) => forgetOld(ledger.sql, keepMs, shelf, stopping)),
    every(looseMs, 'forgetting what no run names', () => forgetLoose(ledger.sql, keepMs)),
    every(looseMs, 'forgetting what connections held', () => forgetFormer(ledger.sql)),
  ];
}

/** The way out, and the journal with what it keeps elsewhere by that way. */
function openKeeping(config: Config, { boot, ground, broken }: Pick<Parts, 'boot' | 'ground' | 'broken'>) {
  const http = openHttpClient({
    allowHosts: config.allowHosts,
    ownPorts: () => ownPorts(config, ground),
    limits: { fileBytes: config.downloadBytes },
  });
  const shelf = openShelf(config.shelf, http);
  const onAway = (error: unknown) => broken(error, 'writing what happened');
  const ledger = openLedger(ground.database.engine.sql, { boot, leaseMs: config.lease, shelf, onAway });
  return { http, shelf, ledger };
}

type Broken = (error: unknown, doing: string) => void;

/** What breaks is logged, each time but for what a database that is away breaks: that is everything, and one line says it. */
function openBroken(log: Log): Broken {
  const shelfAway = seldom<Fault>(awayEveryMs, ({ message, mend }, unsaid) =>
    log.error({ mend, unsaid }, `${message} Runs that need it wait.`),
  );
  const away = seldom<{ error: unknown; doing: string }>(awayEveryMs, ({ error, doing }, unsaid) =>
    log.warn({ err: error, doing, unsaid }, awaySentences[databaseTrouble(error) ?? 'away']),
  );
  return (error, doing) => {
    if (error instanceof Fault && error.code === 'store.away') shelfAway(error);
    else if (databaseTrouble(error) === undefined) log.error({ err: error, doing }, 'something broke');
    else away({ error, doing });
  };
}

interface Parts {
  readonly boot: string;
  readonly ground: Ground;
  readonly time: DatabaseClock;
  readonly ledger: PostgresLedger;
  readonly http: HttpClient;
  readonly sandbox: Sandbox;
  readonly compute: Compute;
  readonly wallet: Wallet;
  readonly catalogue: NodeCatalogue;
  readonly allow: AllowLists;
  readonly broken: Broken;
}

function openEngine({ config, role, log, findCallable, onCommit, clock }: ProcessOptions, parts: Parts) {
  const { boot, ground, time, ledger, http, sandbox, compute, wallet, catalogue, allow, broken } = parts;
  const { findPinned } = catalogue;
  const { database } = ground;
  const grantsOf = openGrants({
    readManifest: (workspace, workflow, version) => readManifest(database, workspace, workflow, version),
    findPinned,
  });
  const redactorOf = redactorFinder(wallet, grantsOf);
  const cleanTextOf = textCleaner(redactorOf);
  const { sql } = database.engine;
  const families = new Families((...asked) => countFamily(sql, ...asked), config.runFamily);
  const { linkOf, ownCalls } = openSignedWays(config, families);
  const startChildren = childStarter(() => engine, findCallable ?? (async () => undefined), families);
  const engine: Engine = new Engine({
    ledger,
    boot,
    definition: definitionFinder(catalogue),
    powersOf: lender({
      http,
      wallet,
      origins: new Origins(),
      answers: new AnswerRooms(),
      grantsOf,
      ownCalls,
      sandbox,
      state: stateLender(ground.database.engine.sql),
      file: fileLender({ store: ledger.blobs, downloadBytes: config.downloadBytes, cleanTextOf }),
      spool: (chunks) => spool(path.join(config.home, 'downloads'), chunks),
      keep: ledger.blobs.writeSpooled,
      allowed: (workspace) => allow.of(workspace),
    }),
    answers: answerPlace(config),
    linkOf,
    cleanTextOf,
    leaveOf: (place, signal) => async (power, node, what) =>
      (await patiently(() => grantsOf(place), signal)).power(node, power, what),
    compute,
    startChildren: (actor) => (job, parent) => patiently(() => startChildren(actor)(job, parent), parent.signal),
    slots: config.slots,
    fromLanes: lanesOfEach * config.workers,
    ticketBytes: config.waitingBytes,
    mayRunCode: role !== 'web',
    leaseMs: config.lease,
    limits: config.runLimits,
    clock: clock ?? time.now,
    onCommit: (actor, facts) => {
      onCommit?.(actor, facts);
      if (actor.isOver) logEnd(log, actor);
      const { parent } = actor.state.started ?? {};
      // A child that was over with its start was told to who started it.
      if (actor.isOver && parent && facts[0]?.type !== 'run.started') void deliver(parent.run);
    },
    onBroken: broken,
  });
  const deliveries = new Deliveries(engine, ledger);
  const deliver = (parent: string) =>
    deliveries.deliver(parent).catch((error: unknown) => broken(error, "delivering a child's end"));
  return { engine, ownCalls, deliveries, deliver, redactorOf };
}

/** A line for each run that did not go well; runs that did are told at debug only, because there are thousands a second. */
function logEnd(log: Log, { run, state }: Actor): void {
  const about = { run, workflow: state.started?.workflow.id, status: state.ended?.status };
  if (state.ended?.status === 'failed')
    log.warn({ ...about, code: state.failing?.code, node: state.failing?.node }, 'run failed');
  else log.debug(about, 'run over');
}

interface Beating {
  readonly engine: Engine;
  readonly ledger: PostgresLedger;
  readonly ground: Ground;
  readonly worker: Worker | undefined;
  readonly onFatal: ProcessOptions['onFatal'];
}

/** What a process does at every heartbeat: renew its leases, say that it lives, and bring its Postgres back when it fell. */
async function beatOnce({ engine, ledger, ground, worker, onFatal }: Beating): Promise<void> {
  try {
    await engine.renew();
    if (worker) await ledger.beat(worker);
  } catch (error) {
    if ((await ground.embedded?.revive()) === false) onFatal?.(new Error('Postgres came back at another address'));
    throw error;
  }
}

/** Ports of ours that nothing may call: our own server, our own Postgres. */
function ownPorts(config: Config, ground: Ground): number[] {
  return [config.port, Number(new URL(ground.database.url).port || 5432)];
}

async function openWork(
  { config, onFatal }: ProcessOptions,
  ground: Ground,
  engine: Engine,
  deliveries: Deliveries,
  broken: (error: unknown, doing: string) => void,
) {
  const pool = openWorkerPool(ground.database, 2 * 3 + 3, (error) =>
    broken(error, 'holding a connection of the lanes'),
  );
  const { sql } = ground.database.engine;
  const lanes: Lanes = await openLanes({
    pool,
    concurrency: config.workers,
    take: fairShare({
      concurrency: config.workers,
      take: (place) => engine.wake(place),
      findOthers: (lane, except) => findOthers(sql, lane, except),
      wakeAgain: (lane, wake) => wakeAgain(sql, lane, wake),
      clock: () => performance.now(),
    }),
    deliver: (run) => deliveries.deliver(run),
    // Processes that hold something of it notice at their next beat.
    timeOut: (run) => timeOutRun({ engine, told: () => undefined }, run),
    onBroken: broken,
    onStopped: (error) => onFatal?.(error),
  });
  let stopping: Promise<void> | undefined;
  return {
    lanes,
    stopTaking: async () => void (stopping = lanes.stop()),
    close: async () => {
      await stopping;
      await pool.end();
    },
  };
}
