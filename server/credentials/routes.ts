import * as z from 'zod';
import {
  credentialHost,
  credentialName,
  credentialTypeNames,
  credentialTypes,
} from '../../flow/document/credential.ts';
import { credential, credentialUse } from '../../flow/contract/credential.ts';
import type { CredentialUse } from '../../flow/contract/credential.ts';
import type { CredentialTypeName } from '../../flow/document/credential.ts';
import { invalid } from '../http/answer-error.ts';
import type { Member } from '../http/caller.ts';
import type { JsonWarning } from '../text/json-scan.ts';
import { Refusal } from '../http/refusal.ts';
import { nothing, route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { changeCredential, createCredential, deleteCredential, listCredentials, readCredential } from './store.ts';
import type { Fields, Store } from './store.ts';

/** The room as its routes see it. */
export interface Credentials extends Store {
  /** What names a credential; asked of the room that keeps documents. */
  readonly usesOf: (workspace: string, name: string) => Promise<CredentialUse[]>;
  /** Called after every change, so that nothing old is lent. */
  readonly forget: (workspace: string) => void;
}

const Hosts = z.array(credentialHost).max(50);
const Wanted = z.strictObject({
  name: credentialName,
  type: z.enum(credentialTypeNames),
  fields: z.record(z.string(), z.unknown()),
  hosts: Hosts.default([]),
});
const byId = z.object({ id: z.string().max(100) });
const nameOf = (caller: Member): string => (caller.kind === 'key' ? caller.keyId : caller.userId);

/** Credentials over REST: what they hold goes in and never comes out. */
export const credentialsRoutes = (room: Credentials): Route[] => [...readRoutes(room), ...changeRoutes(room)];

const readRoutes = (room: Credentials): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/credentials',
    role: 'viewer',
    summary: 'The connections by name: kind, hosts, which fields are set; never what they hold',
    replies: { 200: z.object({ items: z.array(credential) }) },
    handle: async ({ workspace }) => ({ status: 200, body: { items: await listCredentials(room, workspace) } }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/credentials/:id',
    role: 'viewer',
    summary: 'One connection, and the workflows that use it',
    params: byId,
    refuses: ['busy'],
    replies: { 200: credential.extend({ uses: z.array(credentialUse) }) },
    handle: async ({ workspace, params }) => {
      const one = await readCredential(room, workspace, params.id);
      return { status: 200, body: { ...one, uses: await room.usesOf(workspace, one.name) } };
    },
  }),
];

const changeRoutes = (room: Credentials): Route[] => [
  route({
    method: 'POST',
    path: '/api/v1/credentials',
    role: 'editor',
    summary: 'Create a connection; 409 when its name is taken',
    body: Wanted,
    refuses: ['connections-full'],
    replies: { 201: credential },
    handle: async ({ workspace, body, caller, warnings }) => {
      refuseAltered(warnings);
      const draft = { ...body, fields: fieldsFor(body.fields)(body.type) };
      const made = await createCredential(room, workspace, draft, nameOf(caller));
      room.forget(workspace);
      return { status: 201, body: made };
    },
  }),
  route({
    method: 'PUT',
    path: '/api/v1/credentials/:id',
    role: 'editor',
    summary: 'Replace its hosts, or all of its fields; hosts that it was not sent to so far need its fields again',
    params: byId,
    body: z.strictObject({ fields: z.record(z.string(), z.unknown()).optional(), hosts: Hosts.optional() }),
    replies: { 200: credential },
    refuses: ['connections-full', 'secret-needed'],
    handle: async ({ workspace, params, body: { fields, hosts }, caller, warnings }) => {
      refuseAltered(warnings);
      const wanted = { hosts, by: nameOf(caller), ...(fields ? { fieldsFor: fieldsFor(fields) } : {}) };
      const changed = await changeCredential(room, workspace, params.id, wanted);
      room.forget(workspace);
      return { status: 200, body: changed };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/credentials/:id',
    role: 'editor',
    summary: 'Delete a credential; what uses it fails from then on',
    params: byId,
    replies: { 204: nothing },
    handle: async ({ workspace, params }) => {
      await deleteCredential(room, workspace, params.id);
      room.forget(workspace);
      return { status: 204, body: undefined };
    },
  }),
];

/** A secret that was altered on its way in would never work, and nobody could see why. */
function refuseAltered(warnings: readonly JsonWarning[]): void {
  const [first] = warnings;
  if (first) throw new Refusal(400, 'invalid', `${first.at}: this cannot be kept as it was sent.`);
}

/** Fields as their type has them; 400 with the place of what does not fit, never with a value. */
const fieldsFor =
  (given: Readonly<Record<string, unknown>>) =>
  (type: CredentialTypeName): Fields => {
    const schema: z.ZodObject = credentialTypes[type].fields;
    const parsed = schema.safeParse(given);
    if (!parsed.success) throw invalid(parsed.error, 'fields');
    const set = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    return z.record(z.string(), z.string()).parse(Object.fromEntries(set));
  };
