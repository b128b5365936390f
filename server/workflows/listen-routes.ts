import * as z from 'zod';
import { heardCall, listening as listeningShape } from '../../flow/contract/workflow.ts';
import { withWorkspace } from '../db/connect.ts';
import type { Member } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { nothing, route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { beginListening, endListening, readListening, setAwaits } from '../triggers/listening.ts';
import { asDocument, findRow, refuseStale } from './store.ts';
import type { Drafts } from './store.ts';

interface Room extends Drafts {
  /** Where people and programs come in, without a slash at the end. */
  readonly url: string;
}

const path = '/api/v1/workflows/:id/listenings';
const byId = z.object({ id: z.string().max(100) });
const byListening = byId.extend({ listening: z.string().max(100) });
const nameOf = (caller: Member): string => (caller.kind === 'key' ? caller.keyId : caller.userId);

const awaitsWords = 'Who calls waits for the answer of the run that is started with the call ("listening" of a start)';

/** Listening to one call of a draft's webhook, for the editor and for whoever listens by key. */
export const listenRoutes = (room: Room): Route[] => [beginRoute(room), ...heardRoutes(room)];

const beginRoute = ({ database, catalogueOf, url }: Room): Route =>
  route({
    method: 'POST',
    path,
    role: 'editor',
    summary: 'Listen for one test call of a webhook of the draft; the address is told once and holds for five minutes',
    params: byId,
    body: z.strictObject({
      start: z.string().max(100),
      revision: z.int().min(1).optional(),
      awaits: z.boolean().default(false).describe(awaitsWords),
    }),
    refuses: ['stale', 'start-unknown', 'issues'],
    replies: { 201: listeningShape },
    handle: async ({ workspace, params: { id }, body: { start, revision, awaits }, caller }) => {
      const nodes = await catalogueOf(workspace);
      const body = await withWorkspace(database, workspace, async (tx) => {
        const row = await findRow(tx, id);
        refuseStale(row, revision);
        const node = asDocument(row.document).nodes.find(({ key }) => key === start);
        if (!node) throw new Refusal(400, 'start-unknown', `There is no start ${start}.`);
        const listener = { workspace, workflow: id, by: nameOf(caller) };
        const { methods, ...rest } = await beginListening(tx, listener, {
          node,
          definition: nodes.find(node.type, node.version)?.definition,
          url,
          awaits,
        });
        return { ...rest, methods: [...methods] };
      });
      return { status: 201, body };
    },
  });

const heardRoutes = ({ database }: Room): Route[] => [
  route({
    method: 'GET',
    path: `${path}/:listening`,
    role: 'editor',
    summary: 'Whether the test call has come, and what it brought; only for who listens',
    params: byListening,
    replies: { 200: heardCall },
    handle: async ({ workspace, params: { id, listening }, caller }) => ({
      status: 200,
      body: await withWorkspace(database, workspace, (tx) =>
        readListening(tx, { workspace, workflow: id, by: nameOf(caller) }, listening),
      ),
    }),
  }),
  route({
    method: 'PUT',
    path: `${path}/:listening`,
    role: 'editor',
    summary: 'Say whether who calls waits for the answer of the run that will be started with the call',
    params: byListening,
    body: z.strictObject({ awaits: z.boolean().describe(awaitsWords) }),
    replies: { 204: nothing },
    handle: async ({ workspace, params: { id, listening }, body: { awaits }, caller }) => {
      await withWorkspace(database, workspace, (tx) =>
        setAwaits(tx, { workspace, workflow: id, by: nameOf(caller) }, listening, awaits),
      );
      return { status: 204, body: undefined };
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/:listening`,
    role: 'editor',
    summary: 'Stop listening: the address answers 404 from then on',
    params: byListening,
    replies: { 204: nothing },
    handle: async ({ workspace, params: { id, listening }, caller }) => {
      await withWorkspace(database, workspace, async (tx) => {
        await findRow(tx, id);
        await endListening(tx, { workspace, workflow: id, by: nameOf(caller) }, listening);
      });
      return { status: 204, body: undefined };
    },
  }),
];
