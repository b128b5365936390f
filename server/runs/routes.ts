import * as z from 'zod';
import type { Member } from '../http/caller.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { nothing, route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { answered, answerRun, cancelRun, appendRefusal } from './act.ts';
import type { Acting } from './act.ts';
import type { Live } from '../engine/live.ts';
import { listedOne, readRoutes } from './read-routes.ts';
import type { Showing } from './read-routes.ts';
import { wholeOf } from './reads.ts';
import { notOver, retriedAlready, retryRun } from './retry.ts';
import { fileHandle } from '../../flow/contract/file.ts';
import { hasGoodRetry, run as runShape, startedRun } from '../../flow/contract/run.ts';
import { Refused } from '../journal/refused.ts';

/** The room as its routes see it. */
export interface Runs extends Showing, Acting {
  readonly live: Live;
  /** What a person is called, by their id. */
  readonly personName: (id: string) => Promise<string | undefined>;
}

const byId = z.object({ id: z.string().max(100) });

/** Runs over REST. */
export const runsRoutes = (runs: Runs): Route[] => [...readRoutes(runs), ...actRoutes(runs)];

const actRoutes = (runs: Runs): Route[] => [cancelRoute(runs), retryRoute(runs), answerRoute(runs), fileRoute(runs)];

const cancelRoute = (runs: Runs): Route =>
  route({
    method: 'POST',
    path: '/api/v1/runs/:id/cancel',
    role: 'operator',
    summary: 'Cancel a run and the runs that it called',
    params: byId,
    body: z.strictObject({ reason: z.string().max(500).optional() }).optional(),
    refuses: ['run-over', 'run-moved-on'],
    replies: { 200: runShape },
    handle: async ({ workspace, params, body, caller }) => {
      const run = await listedOne(runs, workspace, params.id);
      const why = { reason: body?.reason ?? 'cancelled', by: nameOf(caller) };
      const isDropped = run.status === 'queued' && (await runs.queued.drop(workspace, params.id, why));
      if (!isDropped) await cancelRun(runs, params.id, why);
      return { status: 200, body: await listedOne(runs, workspace, params.id) };
    },
  });

const retryRoute = (runs: Runs): Route =>
  route({
    method: 'POST',
    path: '/api/v1/runs/:id/retry',
    role: 'operator',
    summary: 'Run it again as a new run: whole, or from a node with everything before it kept',
    params: byId,
    body: z
      .strictObject({
        from: z.string().max(100).optional(),
        version: z.int().min(1).optional(),
        unlessRetried: z.boolean().optional().describe('Refuse what a retry finished already, or is about to'),
      })
      .optional(),
    refuses: ['run-running', 'retried-already', 'doubts', 'plan-differs', 'node-unknown', 'version-unknown'],
    replies: { 201: startedRun },
    handle: async ({ workspace, params, body, makeRoom }) => {
      if ((await listedOne(runs, workspace, params.id)).finishedAt === null) throw notOver();
      const { row, plan, document, facts, retriedAs } = await wholeOf({ ...runs, makeRoom }, workspace, params.id);
      if (retriedAs && body?.unlessRetried && hasGoodRetry({ retriedAs })) throw retriedAlready(retriedAs.id);
      const { version } = body ?? {};
      const other = version === undefined ? undefined : await runs.readVersion(workspace, row.workflow, version);
      if (version !== undefined && !other)
        throw new Refusal(400, 'version-unknown', `There is no version ${version} of this workflow.`);
      const next = other ? { ...other, version: version ?? null } : { plan, document, version: row.version };
      const alone = body?.unlessRetried ? (retriedAs?.id ?? params.id) : undefined;
      const actor = await asRefusal(
        retryRun(runs.engine, { workspace, run: params.id, plan, facts, next, from: body?.from, alone }),
      );
      const { status } = await listedOne(runs, workspace, actor.run);
      return { status: 201, body: { runId: actor.run, status } };
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
    refuses: ['answered', 'answer-unknown', 'run-moved-on'],
    replies: { 204: nothing },
    handle: async ({ workspace, params, body, caller }) => {
      const run = await listedOne(runs, workspace, params.id);
      if (run.status === 'queued') throw answered(body.step);
      const name = caller.kind === 'user' ? await runs.personName(caller.userId) : undefined;
      await answerRun(runs.engine, params.id, { ...body, by: nameOf(caller), name });
      return { status: 204, body: undefined };
    },
  });

/** Seven megabytes in base64, with what stands around them. */
const fileLimit = 10 * 1024 * 1024;

const fileRoute = (runs: Runs): Route =>
  route({
    method: 'POST',
    path: '/api/v1/runs/:id/files',
    role: 'operator',
    summary: 'Keep a file (base64) with a run that is not over, to name it in an answer',
    params: byId,
    body: z.strictObject({
      name: z.string().min(1).max(255),
      type: z.string().max(255).default('application/octet-stream'),
      data: z.base64(),
    }),
    bodyLimit: fileLimit,
    refuses: ['run-over'],
    replies: { 201: fileHandle },
    handle: async ({ workspace, params, body: { name, type, data } }) => {
      const { status, finishedAt } = await listedOne(runs, workspace, params.id);
      if (status === 'queued') throw notFound('run');
      if (finishedAt !== null) throw new Refusal(409, 'run-over', `The run is ${status} already.`);
      const bytes = Buffer.from(data, 'base64');
      const $file = await runs.blobs.writeBytes(workspace, params.id, bytes);
      return { status: 201, body: { $file, name, type, size: bytes.length } };
    },
  });

/** Who did it, as facts name them. */
const nameOf = (caller: Member): string => (caller.kind === 'key' ? caller.keyId : caller.userId);

/** What the journal refuses, as outsiders see it. */
async function asRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refused ? appendRefusal(error) : error;
  }
}
