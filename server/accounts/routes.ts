import * as z from 'zod';
import * as shapes from '../../flow/contract/account.ts';
import { notFound, Refusal, unauthenticated } from '../http/refusal.ts';
import { nothing, route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { Accounts } from './accounts.ts';
import { readAllowHosts, setAllowHosts } from './allow-lists.ts';
import { createInvite, listInvites, revokeInvite } from './invites.ts';
import { createKey, listKeys, revokeKey } from './keys.ts';
import { describeCaller, idOf, personOf } from './me.ts';
import { changeRole, listMembers, removeMember } from './members.ts';
import { listSettings, ProviderId, ProviderSettings, removeProvider, saveProvider } from './oidc.ts';
import { openRoutes, sentBy } from './open-routes.ts';
import { Email, Password } from './people.ts';
import { tryPassword } from './password-try.ts';
import { KeyWanted } from './shapes.ts';
import { createWorkspace, readPerson, readWorkspace, Slug } from './workspaces.ts';

const byId = z.object({ id: z.string() });
const gone = { status: 204, body: undefined } as const;

/** The room over REST. */
export const accountsRoutes = (accounts: Accounts): Route[] => [
  ...openRoutes(accounts),
  ...ownRoutes(accounts),
  ...memberRoutes(accounts),
  ...inviteRoutes(accounts),
  ...keyRoutes(accounts),
  ...settingsRoutes(accounts),
  ...providerRoutes(accounts),
];

const ownRoutes = ({ orm, auth, devices, forget, workspacesMost }: Accounts): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/me',
    role: 'viewer',
    summary: 'Who calls, and in which workspace',
    replies: { 200: shapes.me },
    handle: async ({ caller }) => ({ status: 200, body: await describeCaller(orm, caller) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/me/password',
    role: 'viewer',
    summary: 'Change the own password; every other session ends',
    body: z.strictObject({ current: z.string().min(1).max(200), next: Password }),
    replies: { 204: nothing },
    handle: async ({ caller, body, ...asked }) => {
      const person = await readPerson(orm, personOf(caller));
      if (!person) throw unauthenticated();
      const changed = await tryPassword({ orm, devices }, person.email, sentBy(asked), (sent) =>
        auth.changePassword(body.current, body.next, sent),
      );
      if (!changed) throw new Refusal(403, 'password-wrong', 'The current password is not right.');
      forget();
      return { ...gone, headers: { 'set-cookie': changed.cookies } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/workspaces',
    role: 'viewer',
    summary: 'The workspaces of the caller',
    replies: { 200: z.object({ items: z.array(shapes.workspace) }) },
    handle: async ({ caller }) => ({ status: 200, body: { items: (await describeCaller(orm, caller)).workspaces } }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/workspaces',
    role: 'owner',
    summary: 'Make a workspace; who makes it owns it',
    body: z.strictObject({ name: z.string().trim().min(1).max(100), slug: Slug }),
    replies: { 201: shapes.workspace },
    handle: async ({ caller, body }) => {
      const made = await createWorkspace(orm, personOf(caller), body, workspacesMost);
      forget();
      return { status: 201, body: made };
    },
  }),
];

const memberRoutes = ({ orm, forget }: Accounts): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/members',
    role: 'viewer',
    summary: 'Who belongs to the workspace',
    replies: { 200: z.object({ items: z.array(shapes.member) }) },
    handle: async ({ workspace }) => ({ status: 200, body: { items: await listMembers(orm, workspace) } }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/members/:id',
    role: 'owner',
    summary: 'Give a member another role',
    params: byId,
    body: z.strictObject({ role: shapes.role }),
    replies: { 204: nothing },
    handle: async ({ workspace, params, body }) => {
      await changeRole(orm, workspace, params.id, body.role);
      forget();
      return gone;
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/members/:id',
    role: 'owner',
    summary: 'Remove a member from the workspace',
    params: byId,
    replies: { 204: nothing },
    handle: async ({ workspace, params }) => {
      await removeMember(orm, workspace, params.id);
      forget();
      return gone;
    },
  }),
];

const inviteRoutes = ({ orm, url }: Accounts): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/invites',
    role: 'owner',
    summary: 'Open invitations',
    replies: { 200: z.object({ items: z.array(shapes.openInvite) }) },
    handle: async ({ workspace }) => ({ status: 200, body: { items: await listInvites(orm, workspace) } }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/invites',
    role: 'owner',
    summary: 'Invite somebody; the link is given this once',
    body: z.strictObject({ email: Email, role: shapes.role }),
    replies: { 201: shapes.madeInvite },
    handle: async ({ workspace, caller, body }) => {
      const made = await createInvite(orm, workspace, body, idOf(caller));
      // After the #, so that no server log and no Referer ever holds it.
      return { status: 201, body: { ...made, url: `${url}/invite#${made.token}` } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/invites/:id',
    role: 'owner',
    summary: 'Take an invitation back',
    params: byId,
    replies: { 204: nothing },
    handle: async ({ workspace, params }) => {
      await revokeInvite(orm, workspace, params.id);
      return gone;
    },
  }),
];

const keyRoutes = ({ orm, forget }: Accounts): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/keys',
    role: 'owner',
    summary: 'The API keys that hold',
    replies: { 200: z.object({ items: z.array(shapes.apiKey) }) },
    handle: async ({ workspace }) => ({ status: 200, body: { items: await listKeys(orm, workspace) } }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/keys',
    role: 'owner',
    summary: 'Make an API key; it is given this once',
    body: KeyWanted,
    replies: { 201: shapes.madeKey },
    handle: async ({ workspace, caller, body }) => ({
      status: 201,
      body: await createKey(orm, workspace, body, { id: idOf(caller), role: caller.role }),
    }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/keys/:id',
    role: 'owner',
    summary: 'End an API key, everywhere within 5 s',
    params: byId,
    replies: { 204: nothing },
    handle: async ({ workspace, params }) => {
      await revokeKey(orm, workspace, params.id);
      forget();
      return gone;
    },
  }),
];

const settingsRoutes = ({ orm }: Accounts): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/settings',
    role: 'viewer',
    summary: 'The settings of the workspace',
    replies: { 200: shapes.workspaceSettings },
    handle: async ({ workspace }) => ({ status: 200, body: { allowHosts: await readAllowHosts(orm, workspace) } }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/settings',
    role: 'owner',
    summary: 'Set the host:port pairs that the workspace may call although they are private; in force within 2 s',
    body: shapes.workspaceSettings,
    replies: { 200: shapes.workspaceSettings },
    handle: async ({ workspace, body }) => {
      await setAllowHosts(orm, workspace, body.allowHosts);
      return { status: 200, body: { allowHosts: await readAllowHosts(orm, workspace) } };
    },
  }),
];

const providerRoutes = (accounts: Accounts): Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/oidc',
    role: 'owner',
    summary: 'OIDC providers of the workspace',
    replies: { 200: z.object({ items: z.array(shapes.provider) }) },
    handle: async ({ workspace }) => ({ status: 200, body: { items: await listSettings(accounts.orm, workspace) } }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/oidc/:id',
    role: 'owner',
    summary:
      'Set an OIDC provider; only in the workspace main, because it vouches for people of the whole installation',
    params: z.object({ id: ProviderId }),
    body: ProviderSettings,
    replies: { 200: z.object({ callback: z.string() }) },
    handle: async ({ workspace, params, body }) => {
      if ((await readWorkspace(accounts.orm, workspace))?.slug !== 'main') throw notFound('provider');
      await saveProvider(accounts, workspace, params.id, body);
      return { status: 200, body: { callback: `${accounts.url}/api/auth/sso/callback/${params.id}` } };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/oidc/:id',
    role: 'owner',
    summary: 'Remove an OIDC provider',
    params: z.object({ id: ProviderId }),
    replies: { 204: nothing },
    handle: async ({ workspace, params }) => {
      await removeProvider(accounts.orm, workspace, params.id);
      return gone;
    },
  }),
];
