import { randomBytes } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Node } from '../../flow/document/workflow.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { hashToken, makeId } from '../accounts/tokens.ts';
import type { Transaction } from '../db/connect.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { parseLong } from '../journal/large-values.ts';
import { FormParams, HookParams } from './describe.ts';
import { testCalls } from './tables.ts';

/** A webhook or a form of a draft that may be called at `url`, once, until then. The address is told this once and stored as a hash. */
export interface Listening {
  readonly id: string;
  readonly url: string;
  readonly methods: readonly string[];
  /** ISO 8601. */
  readonly until: string;
}

/** How it stands: somebody may still call, called, or nobody did in time. `call` is the item that the start delivers. */
export interface Heard {
  readonly state: 'listening' | 'called' | 'over';
  readonly call?: unknown;
}

/** Whose listening it is. */
export interface Listener {
  readonly workspace: string;
  readonly workflow: string;
  readonly by: string;
}

/** Where it listens, and whether who calls waits for the answer of the run that will be started with the call. */
interface ListeningStart {
  readonly node: Node;
  readonly definition: AnyNode | undefined;
  readonly url: string;
  readonly awaits: boolean;
}

const minutes = 5;

/** Begins to listen at a draft's webhook or form; what the same person listened to there before is over. 422 when its params are not whole yet. */
export async function beginListening(
  tx: Transaction,
  { workspace, workflow, by }: Listener,
  start: ListeningStart,
): Promise<Listening> {
  const { node, definition, awaits } = start;
  const { params, door, methods } = heardAt(node, definition);
  const token = randomBytes(24).toString('base64url');
  const id = makeId('listening');
  await tx
    .delete(testCalls)
    .where(and(eq(testCalls.workflow, workflow), eq(testCalls.key, node.key), eq(testCalls.by, by)));
  const [row] = await tx
    .insert(testCalls)
    .values({
      id,
      workspaceId: workspace,
      workflow,
      by,
      params,
      awaits,
      key: node.key,
      tokenHash: hashToken(token),
      until: sql`now() + ${`${minutes} minutes`}::interval`,
    })
    .returning({ until: testCalls.until });
  const until = z.date().parse(row?.until).toISOString();
  return { id, url: `${start.url}/${door}/${token}/${params.path}`, methods, until };
}

/** What is listened to, by which door and how: 422 while its params are not whole. */
function heardAt(node: Node, definition: AnyNode | undefined) {
  const isForm = node.type === 'start.form';
  if (!isForm && node.type !== 'start.webhook')
    throw new Refusal(400, 'start-unknown', `${node.key} is no webhook and no form.`, {
      mend: 'Name a node of type start.webhook or start.form.',
    });
  const read = definition?.params.safeParse(node.params ?? {});
  if (!read?.success)
    throw new Refusal(422, 'issues', `The ${isForm ? 'form' : 'webhook'} is not set up yet.`, {
      mend: 'Enter its path, and correct what its fields say, first.',
    });
  if (isForm) return { params: FormParams.parse(read.data), door: 'test-forms', methods: ['GET', 'POST'] } as const;
  const params = HookParams.parse(read.data);
  return { params, door: 'test-hooks', methods: params.methods } as const;
}

// As text: up to 4 MB are parsed in turns, which the driver does not do.
const callText = sql<string | null>`${testCalls.call}::text`;
const callOf = ({ call }: { readonly call: string | null }) => parseLong(call ?? 'null');

/** How a person's listening stands; 404 for another's. */
export async function readListening(tx: Transaction, listener: Listener, id: string): Promise<Heard> {
  const [row] = await tx
    .select({ call: callText, calledAt: testCalls.calledAt, isOver: sql<boolean>`${testCalls.until} <= now()` })
    .from(testCalls)
    .where(own(listener, id));
  if (!row) throw notFound('listening');
  if (row.calledAt) return { state: 'called', call: await callOf(row) };
  return { state: row.isOver ? 'over' : 'listening' };
}

/** Says whether who calls waits for the run: until the call has come that may change. 404 for another's. */
export async function setAwaits(tx: Transaction, listener: Listener, id: string, awaits: boolean): Promise<void> {
  const set = await tx.update(testCalls).set({ awaits }).where(own(listener, id)).returning({ id: testCalls.id });
  if (set.length === 0) throw notFound('listening');
}

/** The start that was called and what it was called with; 404 for another's, and while nobody has called. */
export async function readTestCall(
  tx: Transaction,
  listener: Pick<Listener, 'workflow' | 'by'>,
  id: string,
): Promise<{ readonly key: string; readonly call: unknown }> {
  const [row] = await tx
    .select({ key: testCalls.key, call: callText, calledAt: testCalls.calledAt })
    .from(testCalls)
    .where(own(listener, id));
  if (!row?.calledAt) throw notFound('listening');
  return { key: row.key, call: await callOf(row) };
}

/** Names the run that was started with the call: who called is answered by it. */
export async function nameTestRun(tx: Transaction, id: string, run: string): Promise<void> {
  await tx.update(testCalls).set({ run }).where(eq(testCalls.id, id));
}

const own = ({ workflow, by }: Pick<Listener, 'workflow' | 'by'>, id: string) =>
  and(eq(testCalls.id, id), eq(testCalls.workflow, workflow), eq(testCalls.by, by));

/** Ends it: its address answers 404 from now on. */
export async function endListening(tx: Transaction, listener: Listener, id: string): Promise<void> {
  await tx.delete(testCalls).where(own(listener, id));
}
