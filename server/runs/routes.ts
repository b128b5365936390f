import * as z from 'zod';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Member } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { nothing, route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { answerRun, cancelRun, refusalOf } from './act.ts';
import type { Engine } from './engine.ts';
import type { Live } from './live.ts';
import { eventsOf, listed, liveRuns, oneRun, stepsOf, wholeOf } from './reads.ts';
import type { Reading } from './reads.ts';
import { retryRun } from './retry.ts';
import { EventShape, RunShape, RunStatus, Started, StepShape } from './shapes.ts';
import { Refused } from './surroundings.ts';

/** The room as its routes see it. */
export interface Runs extends Reading {
  readonly engine: Engine;
  readonly live: Live;
  /** A version of a workflow, for a retry on another one than the run's. */
  readonly readVersion: (
    workspace: string,
    workflow: string,
    version: number,
  ) => Promise<{ plan: Plan; document: Workflow } | undefined>;
  /** Runs that were promised and wait for their turn (E29): no fact of them is there yet. */
  readonly queued: {
    find(workspace: string, run: string): Promise<RunShape | undefined>;
    /** False when it waits no longer. */
    drop(workspace: string, run: string): Promise<boolean>;
  };
}

const byId = z.object({ id: z.string().max(100) });
const isFull = z.enum(['1', 'true', '0', 'false']).optional();
const yes = (flag: string | undefined) => flag === '1' || flag === 'true';

/** Runs over REST. */
export const runsRoutes = (runs: Runs): Route[] => [...readRoutes(runs), ...actRoutes(runs)];

const readRoutes = (runs: Runs): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/runs',
    role: 'viewer',
    summary: 'Runs, the latest first; children of other runs are left out unless asked for by parent',
    query: z.object({
      workflow: z.string().max(100).optional(),
      status: RunStatus.optional(),
      since: z.iso.datetime({ offset: true }).optional(),
      q: z.string().max(200).optional(),
      parent: z.string().max(100).optional(),
      cursor: z.string().max(500).optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    replies: { 200: z.object({ items: z.array(RunShape), next: z.string().nullable() }) },
    handle: async ({ workspace, query: { cursor, since, workflow, status, q, parent, limit } }) => {
      const filters = {
        workspace,
        ...(workflow === undefined ? {} : { workflow }),
        ...(status === undefined ? {} : { status }),
        ...(since === undefined ? {} : { since: Date.parse(since) }),
        ...(q === undefined || q === '' ? {} : { q }),
        ...(parent === undefined ? {} : { parent }),
        ...(limit === undefined ? {} : { limit }),
      };
      return { status: 200, body: await listed(runs, filters, cursor) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/:id',
    role: 'viewer',
    summary: 'One run',
    params: byId,
    query: z.object({ full: isFull }),
    replies: { 200: RunShape },
    handle: async ({ workspace, params, query }) => ({
      status: 200,
      body: await oneOrQueued(runs, workspace, params.id, yes(query.full)),
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/steps',
    role: 'viewer',
    summary: 'What each node did; values over 64 kB as {$blob, size} unless full=1',
    params: byId,
    query: z.object({ full: isFull }),
    replies: { 200: z.object({ items: z.array(StepShape) }) },
    handle: async ({ workspace, params, query }) => {
      const steps = await stepsOf(runs, workspace, params.id, yes(query.full));
      return { status: 200, body: { items: steps.map(asStep) } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/events',
    role: 'viewer',
    summary: 'The facts of a run, in order; values over 64 kB as {$blob, size} unless full=1',
    params: byId,
    query: z.object({ full: isFull, after: z.coerce.number().int().min(0).optional() }),
    replies: { 200: z.object({ items: z.array(EventShape) }) },
    handle: async ({ workspace, params, query }) => {
      const after = query.after ?? 0;
      const items = await eventsOf(runs, workspace, params.id, { after, isFull: yes(query.full) });
      return { status: 200, body: { items } };
    },
  }),
];

async function oneOrQueued(runs: Runs, workspace: string, id: string, full: boolean): Promise<RunShape> {
  try {
    return await oneRun(runs, workspace, id, full);
  } catch (error) {
    const queued = error instanceof Refusal && error.status === 404 && (await runs.queued.find(workspace, id));
    if (queued) return queued;
    throw error;
  }
}

/** The members of a view are read-only lists; the shape of an answer says nothing of that. */
const asStep = (step: Awaited<ReturnType<typeof stepsOf>>[number]): z.infer<typeof StepShape> => ({
  ...step,
  input: { ...step.input },
  output: { ...step.output },
  logs: [...step.logs],
});

const actRoutes = (runs: Runs): Route[] => [cancelRoute(runs), retryRoute(runs), answerRoute(runs)];

const cancelRoute = (runs: Runs): Route =>
  route({
    method: 'POST',
    path: '/api/v1/runs/:id/cancel',
    role: 'operator',
    summary: 'Cancel a run and the runs that it called',
    params: byId,
    body: z.strictObject({ reason: z.string().max(500).optional() }).optional(),
    replies: { 200: RunShape },
    handle: async ({ workspace, params, body, caller }) => {
      const run = await oneOrQueued(runs, workspace, params.id, false);
      // It had not begun: it is as if it had never been accepted, but for its event in the inbox.
      if (run.status === 'queued' && (await runs.queued.drop(workspace, params.id)))
        return { status: 200, body: { ...run, status: 'cancelled' as const } };
      const acting = { ...runs, childrenOf: (run: string) => liveRuns(runs, workspace, { parent: run }) };
      await cancelRun(acting, params.id, { reason: body?.reason ?? 'cancelled', by: nameOf(caller) });
      return { status: 200, body: await oneRun(runs, workspace, params.id, false) };
    },
  });

const retryRoute = (runs: Runs): Route =>
  route({
    method: 'POST',
    path: '/api/v1/runs/:id/retry',
    role: 'operator',
    summary: 'Run it again as a new run: whole, or from a node with everything before it kept',
    params: byId,
    body: z.strictObject({ from: z.string().max(100).optional(), version: z.int().min(1).optional() }).optional(),
    replies: { 201: Started },
    handle: async ({ workspace, params, body }) => {
      const { row, plan, document, facts } = await wholeOf(runs, workspace, params.id);
      const { version } = body ?? {};
      const other = version === undefined ? undefined : await runs.readVersion(workspace, row.workflow, version);
      if (version !== undefined && !other)
        throw new Refusal(400, 'version-unknown', `There is no version ${version} of this workflow.`);
      const next = other ? { ...other, version: version ?? null } : { plan, document, version: row.version };
      const actor = await asRefusal(
        retryRun(runs.engine, { workspace, run: params.id, plan, facts, next, from: body?.from }),
      );
      return { status: 201, body: { runId: actor.run, status: statusOf(actor.settled.isOver) } };
    },
  });

const answerRoute = (runs: Runs): Route =>
  route({
    method: 'POST',
    path: '/api/v1/runs/:id/answer',
    role: 'operator',
    summary: 'Answer what a run waits for: an effect in doubt, a review, a stage that crashed',
    params: byId,
    body: z.strictObject({
      step: z.string().max(500),
      item: z.int().min(0).optional(),
      call: z.string().max(500).optional(),
      answer: z.string().min(1).max(100),
      output: z.unknown().optional(),
    }),
    replies: { 204: nothing },
    handle: async ({ workspace, params, body, caller }) => {
      await oneRun(runs, workspace, params.id, false);
      await answerRun(runs.engine, params.id, { ...body, by: nameOf(caller) });
      return { status: 204, body: undefined };
    },
  });

const statusOf = (isOver: boolean) => (isOver ? ('finished' as const) : ('running' as const));

/** Who did it, as facts name them. */
const nameOf = (caller: Member): string => (caller.kind === 'key' ? caller.keyId : caller.userId);

/** What the journal refuses, as outsiders see it. */
async function asRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refused ? refusalOf(error) : error;
  }
}
