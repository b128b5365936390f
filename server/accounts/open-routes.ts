import * as z from 'zod';
import { Refusal } from '../http/refusal.ts';
import { nothing, route } from '../http/route.ts';
import type { Asked, Route } from '../http/route.ts';
import type { Accounts } from './accounts.ts';
import type { Sent } from './auth.ts';
import { acceptInvite, lookAtInvite } from './invites.ts';
import { listProviders, ProviderId, readProvider } from './oidc.ts';
import { Email, Password, PersonName } from './people.ts';
import { tryPassword } from './password-try.ts';
import { needsSetup, setUp } from './setup.ts';
import { done, invitation, setupState, wayOut } from '../../flow/contract/account.ts';

const InviteToken = z.string().regex(/^invite_[\w-]{43}$/, 'is not an invitation');
const LogIn = z.strictObject({ email: Email, password: z.string().min(1).max(200) });
/** A screen of our own: `//elsewhere` is another site's. */
const OwnPath = z
  .string()
  .regex(/^\/(?![/\\])[\w\-.~!*'()+/?=&%@:,;]*$/, 'must be a path of this server')
  .max(2000);
const ok = { ok: true } as const;

/** The routes before one is logged in: setup, login, logout, OIDC, invitations. They set the session's cookie. */
export const openRoutes = (accounts: Accounts): Route[] => [
  ...setupRoutes(accounts),
  ...loginRoutes(accounts),
  ...oidcRoutes(accounts),
  ...invitedRoutes(accounts),
];

const setupRoutes = (accounts: Accounts): Route[] => [
  route({
    method: 'GET',
    path: '/api/setup',
    role: 'public',
    summary: 'Whether the installation still needs an owner, how one may log in, and whether one is',
    replies: { 200: setupState },
    handle: async ({ caller }) => ({
      status: 200,
      body: {
        needed: await needsSetup(accounts.orm),
        known: caller.kind !== 'anonymous',
        providers: await listProviders(accounts.orm),
      },
    }),
  }),
  route({
    method: 'POST',
    path: '/api/setup',
    role: 'public',
    summary: 'Make the owner and the workspace main, once, and log the owner in',
    body: z.strictObject({ email: Email, password: Password, name: PersonName.optional() }),
    replies: { 201: done },
    handle: async ({ body: { email, password, name = email }, ...asked }) => {
      await setUp(accounts.orm, accounts.auth, { email, password, name, ip: asked.ip });
      return { status: 201, body: ok, headers: await logIn(accounts, { email, password }, sentBy(asked)) };
    },
  }),
];

const loginRoutes = (accounts: Accounts): Route[] => [
  route({
    method: 'POST',
    path: '/api/login',
    role: 'public',
    summary: 'Log in; the answer sets the session cookie',
    body: LogIn,
    replies: { 200: done },
    handle: async ({ body, ...asked }) => ({
      status: 200,
      body: ok,
      headers: await logIn(accounts, body, sentBy(asked)),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/logout',
    role: 'public',
    summary: 'End the session of the cookie',
    body: z.strictObject({}).optional(),
    replies: { 204: nothing },
    handle: async (asked) => {
      const { cookies } = await accounts.auth.logOut(sentBy(asked));
      accounts.forget();
      return { status: 204, body: undefined, headers: { 'set-cookie': cookies } };
    },
  }),
];

const oidcRoutes = (accounts: Accounts): Route[] => [
  route({
    method: 'POST',
    path: '/api/login/oidc',
    role: 'public',
    summary: 'Begin a login by an OIDC provider: the address to go to',
    body: z.strictObject({ provider: ProviderId, to: OwnPath.default('/') }),
    replies: { 200: wayOut },
    handle: async ({ body: { provider, to }, ...asked }) => {
      const found = await readProvider(accounts.orm, accounts.secret, provider);
      const { url, cookies } = await accounts.auth.startOidc(found, sentBy(asked), to);
      return { status: 200, body: { url }, headers: { 'set-cookie': cookies } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/auth/sso/callback/:provider',
    role: 'public',
    summary: 'Where an OIDC provider sends people back to',
    params: z.object({ provider: ProviderId }),
    query: z.record(z.string(), z.string().max(8000)),
    replies: { 302: nothing },
    handle: async ({ params, query, ...asked }) => {
      const found = await readProvider(accounts.orm, accounts.secret, params.provider);
      const { location, cookies } = await accounts.auth.finishOidc(found, query, sentBy(asked));
      return {
        status: 302,
        body: undefined,
        headers: { location, 'set-cookie': cookies, 'cache-control': 'no-store' },
      };
    },
  }),
];

const invitedRoutes = (accounts: Accounts): Route[] => [
  route({
    method: 'POST',
    path: '/api/invites/look',
    role: 'public',
    summary: 'What an invitation is for',
    body: z.strictObject({ token: InviteToken }),
    replies: { 200: invitation },
    handle: async ({ body }) => ({ status: 200, body: await lookAtInvite(accounts.orm, body.token) }),
  }),
  route({
    method: 'POST',
    path: '/api/invites/accept',
    role: 'public',
    summary: 'Join by an invitation: as who is logged in, or with a new account, which is then logged in',
    body: z.strictObject({ token: InviteToken, name: PersonName.optional(), password: Password.optional() }),
    replies: { 200: done },
    handle: async ({ body, caller, ...asked }) => {
      const userId = caller.kind === 'user' ? caller.userId : undefined;
      const { email, isNew } = await acceptInvite(accounts.orm, accounts.auth, { ...body, userId, ip: asked.ip });
      accounts.forget();
      if (!isNew || !body.password) return { status: 200, body: ok };
      return {
        status: 200,
        body: ok,
        headers: await logIn(accounts, { email, password: body.password }, sentBy(asked)),
      };
    },
  }),
];

/** One answer, in one time, for a wrong password and for an address that nobody has (SAFETY T8). */
async function logIn(accounts: Accounts, { email, password }: z.output<typeof LogIn>, from: Sent) {
  const session = await tryPassword(accounts, email, from, (sent) => accounts.auth.logIn(email, password, sent));
  if (!session) throw new Refusal(401, 'login-failed', 'The e-mail address and the password do not belong together.');
  return { 'set-cookie': [...session.cookies, accounts.devices.remember(email)], 'cache-control': 'no-store' };
}

/** What a login looks at. */
export const sentBy = ({ headers, ip }: Pick<Asked, 'headers' | 'ip'>): Sent => ({
  cookie: one(headers['cookie']),
  userAgent: one(headers['user-agent']),
  ip,
});

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join('; ') : value);
