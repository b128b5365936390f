import type { Fact } from '../flow/facts/fact.ts';
import { credentialsRoutes } from './credentials/routes.ts';
import type { Credentials } from './credentials/routes.ts';
import { headCleaners } from './hooks/clean-head.ts';
import type { SocketRoute, Annex } from './http/open-http.ts';
import type { Route } from './http/route.ts';
import type { Log } from './log/log.ts';
import type { Process, Role } from './process.ts';
import type { Actor } from './engine/actor.ts';
import type { FindCallable } from './engine/children.ts';
import { cancelRun } from './runs/act.ts';
import type { Acting } from './runs/act.ts';
import { Refusal } from './http/refusal.ts';
import { sentFrom } from './http/sent-from.ts';
import { runListStream } from './runs/list-stream.ts';
import { LiveLists } from './runs/live-lists.ts';
import { Live } from './engine/live.ts';
import { Outcomes } from './engine/outcomes.ts';
import { installationRoutes } from './installation.ts';
import type { NodeCatalogue } from './catalogue/catalogue.ts';
import { nodesRoutes } from './catalogue/routes.ts';
import { findPersonName } from './accounts/people.ts';
import { runsRoutes } from './runs/routes.ts';
import type { Runs } from './runs/routes.ts';
import { runStream } from './runs/stream.ts';
import { openQueued } from './inbox/queued-runs.ts';
import { WaitingCallers } from './inbox/waiting-callers.ts';
import { openStandings } from './journal/standings.ts';
import { openTriggers } from './open-triggers.ts';
import type { Triggers, TriggersOptions } from './open-triggers.ts';
import { callableFinder } from './workflows/callable.ts';
import { publishedReader } from './workflows/published.ts';
import { workflowsRoutes } from './workflows/routes.ts';
import type { Workflows } from './workflows/routes.ts';
import { usesOfCredential } from './workflows/uses.ts';
import { readPlan } from './workflows/versions.ts';

export interface RoomsOptions {
  readonly opened: Process;
  readonly log: Log;
  /** Where webhooks, forms and links are called. */
  readonly url: string;
  readonly role: Role;
  /** The most that one call from outside may send, in bytes. */
  readonly bodyMost: number;
  /** Proxies whose word for where a request comes from is believed. */
  readonly trustProxy: readonly string[];
  /** What one workspace or trigger may ask for before it is told to wait. */
  readonly most?: Pick<TriggersOptions, 'perSecond' | 'backlogMost' | 'queueMost' | 'storedMost'>;
}

/** The rooms around the engine: workflows, triggers, runs over HTTP. */
export interface Rooms extends AsyncDisposable {
  readonly live: Live;
  readonly triggers: Triggers;
  readonly routes: readonly Route[];
  readonly annexes: readonly Annex[];
  /** What is served on the sockets themselves. */
  readonly socketRoutes: readonly SocketRoute[];
  readonly findCallable: FindCallable;
  /** To be told of every commit of the engine. */
  committed(actor: Actor, facts: readonly Fact[]): void;
  close(): Promise<void>;
}

/** Opens the rooms on an open process. They are closed before it. */
export async function openRooms(options: RoomsOptions): Promise<Rooms> {
  const { opened, log, url } = options;
  const { engine, ledger, ground, wallet, catalogue, compute, ownCalls, broken: onBroken } = opened;
  const { database } = ground;
  const live = await openLive(opened, onBroken);
  const lists = new LiveLists({ sql: ledger.sql, boot: opened.boot, onBroken });
  await lists.open();
  const waiting = waitingFor(opened, live);
  const acting = { engine, deliver: opened.deliver, told: tellOf(live, lists) };
  const triggers = await triggersOf(options, { ...waiting, cancel: (run) => giveWay(acting, run) });
  const queued = openQueued({ database, engine, directory: triggers.directory });
  const shared = { ...acting, ...waiting, ownCalls, database, blobs: ledger.blobs, ledger, live, queued, log };
  const readVersion = (workspace: string, workflow: string, version: number) =>
    readPlan(database, workspace, workflow, version);
  const drafts = { database, ...catalogue, compute, hasOwnAddress: engine.answers.hasOwnAddress };
  const triggersChanged = (workspace: string) => triggers.directory.read(workspace);
  const close = async () => {
    await triggers.close();
    await lists.close();
    await live.close();
  };
  return {
    live,
    triggers,
    routes: routesOf(
      { ...shared, ...drafts, url, triggersChanged, refuseBacklog: triggers.rates.refuseBacklog },
      { ...shared, readVersion, personName: (id) => findPersonName(database.app.orm, id) },
      { database, ...wallet, usesOf: (workspace, name) => usesOfCredential(drafts, workspace, name) },
      catalogue,
    ),
    findCallable: callableFinder(database),
    socketRoutes: [{ prefix: '/hooks/', serve: triggers.hooks }],
    annexes: [triggers.annex, runStream(shared), runListStream({ database, lists })],
    committed: (actor, facts) => {
      live.committed(actor);
      lists.committed(actor.workspace, actor.run);
      triggers.committed(actor, facts);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What those have who wait for runs. */
const waitingFor = ({ engine, ledger }: Process, live: Live) => ({
  outcomes: new Outcomes({ engine, live, standings: openStandings(ledger.sql, ledger.blobs) }),
  callers: new WaitingCallers(),
});

/** What starts runs by itself, on what its process has. */
const triggersOf = (
  { opened, role, bodyMost, trustProxy, most = {}, log }: RoomsOptions,
  rest: ReturnType<typeof waitingFor> & Pick<TriggersOptions, 'cancel'>,
): Promise<Triggers> =>
  openTriggers({
    sql: opened.ledger.sql,
    engine: opened.engine,
    ledger: opened.ledger,
    readPublished: publishedReader(opened.ground.database),
    works: role !== 'web',
    isTimeKnown: () => opened.time.isKnown,
    findSecret: opened.wallet.findSecret,
    headCleaner: headCleaners(opened.wallet),
    redactorOf: opened.redactorOf,
    ownCalls: opened.ownCalls,
    bodyMost,
    sentFrom: sentFrom(trustProxy),
    ...rest,
    ...most,
    log,
    onBroken: opened.broken,
  });

/** Tells of runs that were cancelled without their actors. */
const tellOf =
  (live: Live, lists: LiveLists): Acting['told'] =>
  (workspace, runs) => {
    live.cancelled(runs);
    for (const run of runs) lists.committed(workspace, run);
  };

const giveWay = (acting: Acting, run: string): Promise<void> =>
  cancelRun(acting, run, { reason: 'replaced' }).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error; // it ended by itself
  });

const routesOf = (workflows: Workflows, runs: Runs, credentials: Credentials, catalogue: NodeCatalogue): Route[] => [
  ...workflowsRoutes(workflows),
  ...credentialsRoutes(credentials),
  ...runsRoutes(runs),
  ...nodesRoutes(catalogue),
  ...installationRoutes(workflows.url),
];

async function openLive(
  { ledger: { sql }, boot, engine }: RoomsOptions['opened'],
  onBroken: (error: unknown, doing: string) => void,
): Promise<Live> {
  const live = new Live({
    sql,
    boot,
    // Reading it again lets go of what is held here; a run that nobody here has is nobody's business.
    onCancelled: (run) =>
      void engine
        .known(run)
        ?.append([])
        .catch((error: unknown) => onBroken(error, 'letting go of a cancelled run')),
    onBroken,
  });
  await live.open();
  return live;
}
