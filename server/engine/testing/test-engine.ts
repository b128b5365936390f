import { randomBytes } from 'node:crypto';
import { compile } from '../../../flow/compile/compile.ts';
import type { Plan } from '../../../flow/compile/plan.ts';
import type { Workflow } from '../../../flow/document/workflow.ts';
import { decide } from '../../../flow/facts/decide.ts';
import type { StoredFact } from '../../../flow/facts/fact.ts';
import { cardOf } from '../../../nodes/kit/card.ts';
import type { AnyNode } from '../../../nodes/kit/define-node.ts';
import { allNodes } from '../../../nodes/all.ts';
import { openDatabase } from '../../db/connect.ts';
import type { Actor } from '../actor.ts';
import type { Lend } from '../carriage.ts';
import type { FindCallable } from '../children.ts';
import { Deliveries, childStarter } from '../children.ts';
import { Families, usualFamily } from '../families.ts';
import type { FamilyLimits } from '../families.ts';
import { countFamily } from '../../journal/family.ts';
import { Engine } from '../engine.ts';
import { linkMaker } from '../links.ts';
import { openLedger } from '../../journal/postgres-ledger.ts';
import type { PostgresLedger } from '../../journal/postgres-ledger.ts';
import type { Shelf } from '../../journal/shelf.ts';
import { usualLimits } from '../run-limits.ts';
import type { RunLimits } from '../run-limits.ts';
import type { StartRequest } from '../start.ts';
import type { FarSide } from './in-memory.ts';
import { testNodes } from './nodes.ts';

const nodes: ReadonlyMap<string, AnyNode> = new Map([...allNodes, ...testNodes].map((node) => [node.type, node]));

/** The test and real nodes by type. */
export const testDefinition = (type: string): AnyNode | undefined => nodes.get(type);

/** Compiles a document of real and test nodes. */
export function planOf(document: Workflow): Plan {
  const compiled = compile(document, (type) => {
    const definition = nodes.get(type);
    return definition && cardOf(definition);
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  return compiled.plan;
}

const testKey = new Uint8Array(32);

export interface TestEngineOptions {
  readonly slots?: number;
  readonly leaseMs?: number;
  readonly far?: FarSide;
  readonly lend?: Lend;
  readonly limits?: Partial<RunLimits>;
  readonly findCallable?: FindCallable;
  /** What a run may start, directly or not. */
  readonly family?: Partial<FamilyLimits>;
  /** Where large values stand; Postgres when left out. */
  readonly shelf?: Shelf;
  /** The address of the database as this process reaches it; a proxy's, say. */
  readonly url: string;
}

/** One process of Heddle as far as runs go, inside the test: an engine with pools of its own, real and test nodes, no lanes. */
export interface TestEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly ledger: PostgresLedger;
  readonly deliveries: Deliveries;
  /** What broke in it, in order. */
  readonly broken: unknown[];
  start(document: Workflow, more?: Partial<StartRequest>): Promise<Actor>;
  /** Takes every ready stage that is due, as the lanes of a worker would, until there is none. */
  takeAll(): Promise<number>;
  status(run: string): Promise<string>;
  facts(run: string): Promise<StoredFact[]>;
}

export async function openTestEngine(options: TestEngineOptions): Promise<TestEngine> {
  const { slots = 64, leaseMs = 20_000, far, url } = options;
  const database = await openDatabase({ url, access: 'roles', app: 1, engine: 3 });
  const boot = `boot_${randomBytes(4).toString('hex')}`;
  const ledger = openLedger(database.engine.sql, { boot, leaseMs, shelf: options.shelf });
  const broken: unknown[] = [];
  const { findCallable = async () => undefined } = options;
  const engine: Engine = new Engine({
    ledger,
    boot,
    definition: (_workspace, { type }) => testDefinition(type),
    powersOf: () => options.lend ?? lendHttp(far),
    startChildren: childStarter(
      () => engine,
      findCallable,
      new Families((...asked) => countFamily(database.engine.sql, ...asked), { ...usualFamily, ...options.family }),
    ),
    linkOf: linkMaker('http://test', () => testKey),
    slots,
    mayRunCode: true,
    leaseMs,
    limits: { ...usualLimits, ...options.limits },
    clock: Date.now,
    onBroken: (error) => void broken.push(error),
  });
  return {
    engine,
    ledger,
    deliveries: new Deliveries(engine, ledger),
    broken,
    start: (document, more = {}) => engine.start(startOf(document, more)),
    takeAll: async () => {
      const ready = await ledger.sql`
        select run, stage, path from stages where state = 'ready' and next_at <= now() order by run, stage`;
      await Promise.all(ready.map(({ run, stage, path }) => engine.take(String(run), String(stage), String(path))));
      return ready.length;
    },
    status: async (run) => {
      const { plan, state } = await ledger.read(run);
      return decide(plan, state).status;
    },
    facts: (run) => ledger.readFacts(run),
    [Symbol.asyncDispose]: async () => {
      await engine.drain(0);
      await ledger.handBack();
      await ledger.close();
      // The driver waits for connections that a test has cut.
      await Promise.all([database.app, database.engine].map(({ sql }) => sql.end({ timeout: 1 })));
    },
  };
}

export const startOf = (document: Workflow, more: Partial<StartRequest> = {}): StartRequest => {
  const plan = planOf(document);
  return {
    workspace: 'ws_1',
    workflow: { id: 'workflow_test', name: document.name, version: 1 },
    plan,
    document,
    start: plan.starts[0] ?? '',
    input: [{ n: 1 }],
    lane: 'interactive',
    mode: 'live',
    trigger: { kind: 'manual' },
    ...more,
  };
};

/** HTTP goes to the far side; waits, reviews and calls are the engine's own. */
const lendHttp = (far: FarSide | undefined): Lend =>
  ((name, request) => {
    if (name !== 'http') return {};
    return {
      send: async (asked: Parameters<FarSide['answer']>[0]) => {
        request.lastLook();
        far?.sent.push(asked);
        const { headers = {}, ...rest } = asked;
        const sent = { ...rest, headers: { ...headers, 'idempotency-key': request.idempotencyKey } };
        return far?.answer(sent, far.sent.length);
      },
    };
  }) as Lend;

/** Waits until something is so; a test that would wait for ever fails with what it waited for. */
export async function until(claim: string, look: () => Promise<boolean> | boolean, withinMs = 30_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`not within ${withinMs} ms: ${claim}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
