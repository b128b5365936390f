import * as z from 'zod';
import { openedWorkflow, savedWorkflow, wholeVersion } from '../../flow/contract/document.ts';
import { startedRun } from '../../flow/contract/run.ts';
import { listedWorkflow, publishedWorkflow, version as versionShape } from '../../flow/contract/workflow.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { mayAct } from '../http/caller.ts';
import type { Member } from '../http/caller.ts';
import { forbidden } from '../http/refusal.ts';
import { nothing, route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { cancelRunsOf } from '../runs/act.ts';
import type { CancellingMany } from '../runs/act.ts';
import { oneRun, summaries } from '../runs/reads.ts';
import type { QueuedRuns } from '../inbox/queued-runs.ts';
import { listTriggers } from '../triggers/swap.ts';
import { withWorkspace } from '../db/connect.ts';
import { deleteWorkflow, publishWorkflow, unpublishWorkflow } from './publish.ts';
import type { Publisher } from './publish.ts';
import { listenRoutes } from './listen-routes.ts';
import { startByHand } from './start-by-hand.ts';
import type { Starting } from './start-by-hand.ts';
import type { Comparing } from './comparing.ts';
import type { Elsewhere } from './judging.ts';
import { createWorkflow, iso, listRows, saveWorkflow } from './store.ts';
import { readCalls } from './surroundings.ts';
import { viewWorkflow } from './view.ts';
import { compareVersions, listVersions, readVersionView, restoreVersion } from './versions.ts';

/** The room as its routes see it. */
export interface Workflows extends Starting, Publisher, CancellingMany {
  readonly compute?: Elsewhere & Comparing;
  /** Where people and programs come in, without a slash at the end. */
  readonly url: string;
  /** Throws 429 when the workspace has too much waiting to run already (E4). */
  readonly refuseBacklog: (workspace: string) => void;
  readonly queued: Pick<QueuedRuns, 'endAll'>;
  /** Brings this process's triggers up to date; others follow within a second. */
  readonly triggersChanged: (workspace: string) => Promise<void>;
}

const byId = z.object({ id: z.string().max(100) });
const byVersion = byId.extend({ version: z.coerce.number().int().min(1) });
const documentBytes = 10 * 1024 * 1024;
const nameOf = (caller: Member): string => (caller.kind === 'key' ? caller.keyId : caller.userId);

/** Workflows over REST. */
export const workflowsRoutes = (room: Workflows): Route[] => [
  ...draftRoutes(room),
  ...publishRoutes(room),
  ...versionRoutes(room),
  startRoute(room),
  ...listenRoutes(room),
];

const draftRoutes = (room: Workflows): Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/workflows',
    role: 'editor',
    summary: 'Make a workflow',
    bodyLimit: documentBytes,
    body: z.strictObject({ document: z.unknown() }),
    refuses: ['busy', 'document-invalid'],
    replies: { 201: savedWorkflow },
    handle: async ({ workspace, body, caller }) => ({
      status: 201,
      body: await createWorkflow(room, workspace, body.document, nameOf(caller)),
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/workflows',
    role: 'viewer',
    summary: 'The workflows, the latest changed first, with how their runs went and when they run next',
    replies: { 200: z.object({ items: z.array(listedWorkflow) }) },
    handle: async ({ workspace }) => ({ status: 200, body: { items: await listWorkflows(room, workspace) } }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/workflows/:id',
    role: 'viewer',
    summary: 'One workflow: its draft, and what is wrong with it',
    params: byId,
    replies: { 200: openedWorkflow },
    handle: async ({ workspace, params }) => ({
      status: 200,
      body: await viewWorkflow(room, workspace, params.id, room.url),
    }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/workflows/:id',
    role: 'editor',
    summary: 'Save the draft over the revision that was seen; 409 stale with what is there now',
    bodyLimit: documentBytes,
    params: byId,
    body: z.strictObject({ document: z.unknown(), revision: z.int().min(1) }),
    refuses: ['busy', 'document-invalid', 'stale'],
    replies: { 200: savedWorkflow },
    handle: async ({ workspace, params, body: { document, revision }, caller }) => ({
      status: 200,
      body: await saveWorkflow(room, workspace, params.id, { document, revision, by: nameOf(caller) }),
    }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/workflows/:id',
    role: 'editor',
    summary: 'Delete a workflow: unpublished at once, its runs cancelled',
    params: byId,
    replies: { 204: nothing },
    handle: async ({ workspace, params, caller }) => {
      const version = await deleteWorkflow(room.database, workspace, params.id);
      await endQueued(room, { workspace, id: params.id, version }, { reason: 'deleted', by: nameOf(caller) });
      await room.triggersChanged(workspace);
      await cancelRunsOf(room, { workspace, workflow: params.id }, { reason: 'deleted', by: nameOf(caller) });
      return { status: 204, body: undefined };
    },
  }),
];

async function listWorkflows(room: Workflows, workspace: string): Promise<ListedWorkflow[]> {
  const { rows, triggers } = await withWorkspace(room.database, workspace, async (tx) => ({
    rows: await listRows(tx),
    triggers: await listTriggers(tx, room.url),
  }));
  const runs = await summaries(
    room,
    workspace,
    rows.map(({ id }) => id),
  );
  return rows.map(({ calls, ...row }) => ({
    ...row,
    ...maybeCalls(calls),
    changed: row.changed ?? true,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    nextFire: soonest(triggers.get(row.id)),
    triggers: [...(triggers.get(row.id) ?? [])],
    needs: runs.get(row.id)?.needs ?? 0,
    lastRuns: [...(runs.get(row.id)?.lastRuns ?? [])],
  }));
}

function maybeCalls(stored: unknown): Pick<ListedWorkflow, 'calls'> {
  const calls = readCalls(stored);
  return calls ? { calls } : {};
}

const soonest = (triggers: readonly { nextFire?: string }[] = []): string | null =>
  triggers.flatMap(({ nextFire }) => (nextFire === undefined ? [] : [nextFire])).toSorted()[0] ?? null;

/** Ends what was promised a run and has not begun. */
async function endQueued(
  room: Workflows,
  { workspace, id, version }: { workspace: string; id: string; version: number | null },
  why: { reason: string; by: string },
): Promise<void> {
  if (version !== null) await room.queued.endAll(workspace, id, version, why);
}

const publishRoutes = (room: Workflows): Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/workflows/:id/publish',
    role: 'editor',
    summary: 'Publish the draft: 422 with its errors, 409 when a path is taken',
    params: byId,
    body: z
      .strictObject({
        revision: z.int().min(1).optional().describe('The revision that is meant; 409 stale when it is not the latest'),
        version: z.int().min(1).optional().describe('An earlier version that goes live again, in place of the draft'),
        note: z.string().max(2_000).optional(),
        takePaths: z.boolean().optional(),
      })
      .optional(),
    refuses: ['busy', 'issues', 'path-taken', 'stale'],
    replies: { 200: publishedWorkflow },
    handle: async ({ workspace, params, body, caller }) => {
      const options = { ...body, by: nameOf(caller), url: room.url };
      const published = await publishWorkflow(room, workspace, params.id, options);
      await room.triggersChanged(workspace);
      return { status: 200, body: published };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/workflows/:id/unpublish',
    role: 'editor',
    summary: 'Take the triggers away; runs under way go on, what waits for its turn is cancelled',
    params: byId,
    body: z.strictObject({}).optional(),
    replies: { 200: publishedWorkflow.pick({ triggers: true }).extend({ version: z.null(), published: z.null() }) },
    handle: async ({ workspace, params, caller }) => {
      const version = await unpublishWorkflow(room.database, workspace, params.id);
      await endQueued(room, { workspace, id: params.id, version }, { reason: 'unpublished', by: nameOf(caller) });
      await room.triggersChanged(workspace);
      return { status: 200, body: { published: null, version: null, triggers: [] } };
    },
  }),
];

const versionName = z.union([z.literal('draft'), z.coerce.number().int().min(1)]);

const versionRoutes = (room: Workflows): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/workflows/:id/versions',
    role: 'viewer',
    summary: 'Every version that was published, the latest first',
    params: byId,
    replies: { 200: z.object({ items: z.array(versionShape) }) },
    handle: async ({ workspace, params }) => ({
      status: 200,
      body: { items: await listVersions(room.database, workspace, params.id) },
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/workflows/:id/versions/:version',
    role: 'viewer',
    summary: 'One version: its document and what it may do',
    params: byVersion,
    replies: { 200: wholeVersion },
    handle: async ({ workspace, params }) => ({
      status: 200,
      body: await readVersionView(room.database, workspace, params.id, params.version),
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/workflows/:id/compare',
    role: 'viewer',
    summary: 'What differs between two versions, in words and as data; draft is what is not published yet',
    params: byId,
    query: z.object({ from: versionName, to: versionName.default('draft') }),
    replies: { 200: z.object({ words: z.array(z.string()), diff: z.looseObject({}) }) },
    refuses: ['busy', 'too-large'],
    handle: async ({ workspace, params, query, makeRoom }) => {
      const { words, diff } = await compareVersions({ ...room, makeRoom }, workspace, params.id, query);
      return { status: 200, body: { words: [...words], diff: { ...diff } } };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/workflows/:id/versions/:version/restore',
    role: 'editor',
    summary: 'Make a version the draft again',
    params: byVersion,
    body: z.strictObject({}).optional(),
    refuses: ['busy', 'document-invalid'],
    replies: { 200: savedWorkflow },
    handle: async ({ workspace, params, caller }) => ({
      status: 200,
      body: await restoreVersion(room, workspace, params.id, params.version, nameOf(caller)),
    }),
  }),
];

const startBody = z.strictObject({
  input: z.unknown().optional(),
  start: z.string().max(100).optional(),
  wait: z.number().min(0).max(300).optional(),
  draft: z.boolean().optional(),
  revision: z.int().min(1).optional().describe('Of a draft: the revision that is meant; 409 stale when it is not'),
  pins: z
    .union([z.boolean(), z.literal('rest')])
    .optional()
    .describe("Of a draft: its document's pins stand for their nodes; rest: only where the reused run has nothing"),
  upTo: z.string().max(100).optional().describe('Of a draft: the last node to run'),
  reuse: z
    .string()
    .max(100)
    .optional()
    .describe('Of a draft: a run whose input is used again; up to a node, its outputs too'),
  listening: z
    .string()
    .max(100)
    .optional()
    .describe('Of a draft: the test call to start with, by its listening; who called is answered by the run'),
});

const startRoute = (room: Workflows): Route =>
  route({
    method: 'POST',
    path: '/api/v1/workflows/:id/runs',
    role: 'operator',
    summary: 'Start a run; with wait (seconds) 200 with the run when it is over by then, 202 when not',
    params: byId,
    body: startBody.optional(),
    refuses: [
      'busy',
      'issues',
      'stale',
      'not-published',
      'start-unknown',
      'start-missing',
      'draft-only',
      'reuse-unclear',
      'node-unknown',
      'backlog',
      'loop',
    ],
    replies: { 200: startedRun.loose(), 201: startedRun, 202: startedRun },
    handle: async ({ workspace, params, body = {}, warnings, signal, caller, headers, makeRoom }) => {
      // Publishing is the grant of powers (E31): what was not published runs only for who may publish it.
      if (body.draft === true && !mayAct(caller.role, 'editor')) throw forbidden('editor');
      room.refuseBacklog(workspace);
      const place = { workspace, id: params.id, by: nameOf(caller), warnings: inside(warnings), signal, headers };
      const started = await startByHand({ ...room, makeRoom }, place, body);
      const run = await oneRun(room, workspace, started.run, false);
      const answer = { runId: started.run, status: run.status };
      if (body.wait === undefined) return { status: 201, body: answer };
      return started.isOver ? { status: 200, body: { ...run, ...answer } } : { status: 202, body: answer };
    },
  });

/** Places of the body as places of the input. */
const inside = (warnings: readonly { code: 'number-as-text' | 'character-replaced'; at: string }[]) =>
  warnings.map(({ code, at }) => ({ code, at: at.replace(/^\/input(?=\/|$)/, '') }));
