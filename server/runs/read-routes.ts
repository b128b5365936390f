import * as z from 'zod';
import type { Plan } from '../../flow/compile/plan.ts';
import { runDocument } from '../../flow/contract/document.ts';
import { run as runShape, runCounts, runFact, runPage, runStatus } from '../../flow/contract/run.ts';
import type { Run } from '../../flow/contract/run.ts';
import { portList, runStep } from '../../flow/contract/step.ts';
import type { RunStep } from '../../flow/contract/step.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { runFacts, runPlan, runValue } from '../../flow/contract/run-facts.ts';
import type { RunFacts } from '../../flow/contract/run-facts.ts';
import type { JsonText } from '../http/json-text.ts';
import { withWorkspaceSql } from '../db/connect.ts';
import { Refusal } from '../http/refusal.ts';
import { route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { RunFilters, RunRow } from '../journal/journal.ts';
import { counted, listed } from './list-runs.ts';
import type { Listing } from './list-runs.ts';
import { eventsOf, itemsOf, oneRun, ownRun, pinnedOf, retriedAsOf, rowView, stepsOf } from './reads.ts';
import { eventsIn, factsOf, planOf, valueOf } from './run-facts.ts';

/** What showing runs needs. */
export interface Showing extends Listing {
  /** A version of a workflow: for its document, and for a retry on another one than the run's. */
  readonly readVersion: (
    workspace: string,
    workflow: string,
    version: number,
  ) => Promise<{ plan: Plan; document: Workflow } | undefined>;
}

const byId = z.object({ id: z.string().max(100) });
const isFull = z.enum(['1', 'true', '0', 'false']).optional();
const yes = (flag: string | undefined) => flag === '1' || flag === 'true';

const filters = {
  workflow: z.string().max(100).optional(),
  status: runStatus.optional(),
  since: z.union([z.iso.datetime({ offset: true }), z.iso.date()]).optional(),
  q: z.string().max(200).optional(),
  parent: z.string().max(100).optional(),
};
const Filters = z.object(filters);

const StepsQuery = z.object({
  full: isFull,
  inline: z.coerce.number().int().min(0).max(65_536).optional(),
  turn: z
    .string()
    .max(500)
    .optional()
    .describe('Of a loop that ran whole in one stage, the steps of this iteration only, by its path, or `last`'),
});

function filtersOf(workspace: string, { since, ...rest }: z.output<typeof Filters>): RunFilters {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined && value !== '');
  return { ...Object.fromEntries(given), workspace, ...(since === undefined ? {} : { since: Date.parse(since) }) };
}

/** Reading runs over REST. */
export const readRoutes = (runs: Showing): Route[] => [...listRoutes(runs), ...oneRoutes(runs)];

const listRoutes = (runs: Showing): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/runs',
    role: 'viewer',
    summary: 'Runs, the latest first; children of other runs only when asked for by parent',
    query: z.object({
      ...filters,
      cursor: z.string().max(500).optional(),
      limit: z.coerce.number().int().min(1).max(200).optional(),
    }),
    refuses: ['cursor-invalid'],
    replies: { 200: runPage },
    handle: async ({ workspace, query: { cursor, limit, ...rest } }) => {
      const wanted = { ...filtersOf(workspace, rest), ...(limit === undefined ? {} : { limit }) };
      return { status: 200, body: await listed(runs, wanted, cursor === '' ? undefined : cursor) };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/count',
    role: 'viewer',
    summary: 'How many runs pass the filters, up to 10,000; by status they are counted whatever status was asked for',
    query: Filters,
    replies: { 200: runCounts },
    handle: async ({ workspace, query }) => {
      const { statuses, triggers, ...rest } = await counted(runs, filtersOf(workspace, query));
      return { status: 200, body: { ...rest, statuses: { ...statuses }, triggers: { ...triggers } } };
    },
  }),
];

const oneRoutes = (runs: Showing): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/runs/:id',
    role: 'viewer',
    summary: 'One run',
    params: byId,
    query: z.object({ full: isFull }),
    replies: { 200: runShape },
    handle: async ({ workspace, params, query, makeRoom }) => ({
      status: 200,
      body: await oneOrQueued({ ...runs, makeRoom }, workspace, params.id, yes(query.full)),
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/steps',
    role: 'viewer',
    summary: 'What each node did; values over 64 kB (or over inline) as {$blob, size} unless full=1',
    params: byId,
    query: StepsQuery,
    replies: { 200: z.object({ items: z.array(runStep) }) },
    handle: async ({ workspace, params, query: { full, inline, turn }, makeRoom }) => {
      const steps = () => stepsOf({ ...runs, makeRoom }, workspace, params.id, { isFull: yes(full), inline, turn });
      const items = await unlessQueued(runs, workspace, params.id, steps, () => []);
      return { status: 200, body: { items: items.map(asStep) } };
    },
  }),
  itemsRoute(runs),
  ...factRoutes(runs),
  eventsRoute(runs),
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/document',
    role: 'viewer',
    summary: 'The document that a run executes: of its version, or the draft as it was then',
    params: byId,
    replies: { 200: runDocument },
    handle: async ({ workspace, params, makeRoom }) => ({
      status: 200,
      body: await documentOf({ ...runs, makeRoom }, workspace, params.id),
    }),
  }),
];

const eventsRoute = (runs: Showing): Route =>
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/events',
    role: 'viewer',
    summary:
      'The facts of a run, in order; values over 64 kB as {$blob, size} unless full=1. Of a long run the first, with a Link to the next',
    params: byId,
    query: z.object({ full: isFull, after: z.coerce.number().int().min(0).optional() }),
    replies: { 200: z.object({ items: z.array(runFact) }) },
    handle: async ({ workspace, params, query, makeRoom }) => {
      const full = yes(query.full);
      const range = { after: query.after ?? 0, isFull: full, mostOf: (row: RunRow) => eventsIn(row, full) };
      const events = () => eventsOf({ ...runs, makeRoom }, workspace, params.id, range);
      const none = { facts: [], next: undefined };
      const { facts, next } = await unlessQueued(runs, workspace, params.id, events, () => none);
      return { status: 200, body: { items: facts }, ...linkTo(next) };
    },
  });

/** Where the next of a long run are (RFC 8288). */
const linkTo = (next: number | undefined): { headers?: Record<string, string> } =>
  next === undefined ? {} : { headers: { link: `<?after=${next}>; rel="next"` } };

const itemsRoute = (runs: Showing): Route =>
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/items',
    role: 'viewer',
    summary: 'The items of one port of a step, whole',
    params: byId,
    query: z.object({ step: z.string().max(500), side: z.enum(['input', 'output']), port: z.string().max(200) }),
    replies: { 200: portList },
    handle: async ({ workspace, params, query, makeRoom }) => {
      const { items, from } = await itemsOf({ ...runs, makeRoom }, workspace, params.id, query);
      return { status: 200, body: { items: [...items], ...(from ? { from: [...from] } : {}) } };
    },
  });

interface FactsAnswer {
  readonly body: RunFacts | JsonText<RunFacts>;
  readonly next: number | undefined;
}

/** What a page needs to fold a run by itself, and to fetch of it what somebody looks at. */
const factRoutes = (runs: Showing): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/facts',
    role: 'viewer',
    summary: 'The facts of a run to be folded, a stretch after a seq; larger values as {$away, count?}',
    params: byId,
    query: z.object({ after: z.coerce.number().int().min(0).optional() }),
    replies: { 200: runFacts },
    handle: async ({ workspace, params, query }) => {
      const facts = () => factsOf(runs, workspace, params.id, query.after ?? 0);
      const none = (run: Run): FactsAnswer => ({ body: { run, plan: null, upTo: 0, facts: [] }, next: undefined });
      const { body, next } = await unlessQueued<FactsAnswer>(runs, workspace, params.id, facts, none);
      // For who reads ahead (RFC 8288): it is known before the stretch itself is read.
      return {
        status: 200,
        body,
        ...linkTo(next),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/runs/:id/facts/:seq/value',
    role: 'viewer',
    summary: 'One value of a fact, whole, by its JSON pointer within the data',
    params: z.object({ ...byId.shape, seq: z.coerce.number().int().min(1) }),
    query: z.object({ at: z.string().max(2_000) }),
    replies: { 200: runValue },
    handle: async ({ workspace, params: { id, seq }, query: { at }, makeRoom }) => ({
      status: 200,
      body: await valueOf({ ...runs, makeRoom }, workspace, id, { seq, at }),
    }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/plans/:fingerprint',
    role: 'viewer',
    summary: 'The plan that runs are pinned to; under its fingerprint it never changes',
    params: z.object({ fingerprint: z.string().max(200) }),
    replies: { 200: runPlan },
    handle: async ({ workspace, params }) => ({
      status: 200,
      body: { plan: await planOf(runs, workspace, params.fingerprint) },
      headers: {
        'cache-control': 'private, max-age=31536000, immutable',
        vary: 'cookie, authorization, heddle-workspace',
      },
    }),
  }),
];

/** One run, begun or not; 404 for another workspace's. */
const oneOrQueued = (runs: Listing, workspace: string, id: string, full = false): Promise<Run> =>
  unlessQueued(
    runs,
    workspace,
    id,
    () => oneRun(runs, workspace, id, full),
    (queued) => queued,
  );

/** One run as lists show it, begun or not; 404 for another workspace's. Nothing of what flowed is read. */
export const listedOne = (runs: Listing, workspace: string, id: string): Promise<Run> =>
  unlessQueued<Run>(
    runs,
    workspace,
    id,
    () =>
      withWorkspaceSql(runs.database, workspace, async (sql) => {
        const row = await ownRun(sql, id);
        return rowView(row, await retriedAsOf(sql, row));
      }),
    (queued) => queued,
  );

/** Refuses a run that is not the workspace's, begun or not, with a 404. */
export const existing = (runs: Listing, workspace: string, id: string): Promise<unknown> =>
  unlessQueued<unknown>(
    runs,
    workspace,
    id,
    () => withWorkspaceSql(runs.database, workspace, (sql) => ownRun(sql, id)),
    (queued) => queued,
  );

/** What is read of a run; of one that waits for its turn, what there is instead. */
export async function unlessQueued<T>(
  { queued }: Pick<Listing, 'queued'>,
  workspace: string,
  id: string,
  read: () => Promise<T>,
  instead: (run: Run) => T,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const found = error instanceof Refusal && error.status === 404 ? await queued.find(workspace, id) : undefined;
    if (found) return instead(found);
    throw error;
  }
}

/** The members of a view are read-only lists; the shape of an answer says nothing of that. */
const asStep = (step: Awaited<ReturnType<typeof stepsOf>>[number]): RunStep => ({
  ...step,
  input: { ...step.input },
  output: { ...step.output },
  logs: [...step.logs],
});

async function documentOf(runs: Showing, workspace: string, id: string): Promise<z.infer<typeof runDocument>> {
  const { workflow, version } = await oneOrQueuedRow(runs, workspace, id);
  // Plans are kept by what they do: of two versions that differ in layout alone, the first one's document would come.
  const own = version === null ? undefined : await runs.readVersion(workspace, workflow, version);
  const document = own?.document ?? (await pinnedOf(runs, workspace, id)).document;
  return { version, document: { ...document } };
}

const oneOrQueuedRow = (runs: Listing, workspace: string, id: string) =>
  unlessQueued<{ workflow: string; version: number | null }>(
    runs,
    workspace,
    id,
    async () => (await pinnedOf(runs, workspace, id)).row,
    (queued) => queued,
  );
