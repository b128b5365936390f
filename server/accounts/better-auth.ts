import { sso } from '@better-auth/sso';
import type { SSOOptions } from '@better-auth/sso';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { cookiePrefix } from './auth.ts';
import type { AuthOptions, LoadedAuth, OpenProvider, Sent } from './auth.ts';
import type { Orm } from './database.ts';
import { withFetch } from './lent-fetch.ts';
import { logins, sessions, users, verifications } from './tables.ts';
import { makeId } from './tokens.ts';

const day = 24 * 60 * 60;

/** Nothing of better-auth is reachable but by these functions: its own routes are not mounted, and it is imported in this file only. */
export function openBetterAuth(options: AuthOptions): LoadedAuth {
  const providers: NonNullable<SSOOptions['defaultSSO']> = [];
  const auth = make(options, providers);
  const use = (provider: OpenProvider) =>
    providers.splice(0, providers.length, ...others(providers, provider), asDefault(provider));
  const ask = (asking: Promise<Response>) => answerOf(options.orm, asking);
  const away = (asking: () => Promise<Response>) => ask(withFetch(options.fetch, asking));
  return {
    hashPassword: async (password) => (await auth.$context).password.hash(password),
    logIn: async (email, password, sent) =>
      accepted(
        await ask(auth.api.signInEmail({ body: { email, password }, headers: headersOf(sent), asResponse: true })),
      ),
    logOut: async (sent) => ({
      cookies: cookiesOf(await ask(auth.api.signOut({ headers: headersOf(sent), asResponse: true }))),
    }),
    findSession: async (cookie) => {
      const query = { disableRefresh: true };
      const response = await ask(auth.api.getSession({ headers: new Headers({ cookie }), query, asResponse: true }));
      const found = Session.parse(await response.json());
      return found ? { userId: found.user.id } : undefined;
    },
    changePassword: async (currentPassword, newPassword, sent) => {
      const body = { currentPassword, newPassword, revokeOtherSessions: true };
      return accepted(await ask(auth.api.changePassword({ body, headers: headersOf(sent), asResponse: true })));
    },
    startOidc: async (provider, sent, to) => {
      use(provider);
      const body = { providerId: provider.id, ...placesAfter(to) };
      const response = await away(() => auth.api.signInSSO({ body, headers: headersOf(sent), asResponse: true }));
      if (!response.ok) throw new Error(`The login by ${provider.id} cannot begin (${response.status}).`);
      return { ...Started.parse(await response.json()), cookies: cookiesOf(response) };
    },
    finishOidc: async (provider, query, sent) => {
      use(provider);
      const params = { providerId: provider.id };
      const asked = { params, query, headers: headersOf(sent), asResponse: true } as const;
      const response = await away(() => auth.api.callbackSSO(asked));
      return { location: ownPath(response.headers.get('location'), options.url), cookies: cookiesOf(response) };
    },
  };
}

/** Both stand in the cookie of the login, sealed, and a cookie holds 4 kB: whoever wanted to go further than that comes to the beginning. */
const placesMost = 1_200;

function placesAfter(to: string) {
  const callbackURL = to.length + encodeURIComponent(to).length > placesMost ? '/' : to;
  const errorCallbackURL = callbackURL === '/' ? '/login' : `/login?to=${encodeURIComponent(callbackURL)}`;
  return { callbackURL, errorCallbackURL };
}

const Session = z.object({ user: z.object({ id: z.string() }) }).nullable();
const Started = z.object({ url: z.string() });

function make(options: AuthOptions, providers: NonNullable<SSOOptions['defaultSSO']>) {
  const secure = options.url.startsWith('https:');
  return betterAuth({
    baseURL: options.url,
    basePath: '/api/auth',
    secret: options.secret,
    telemetry: { enabled: false },
    rateLimit: { enabled: false }, // ours counts in the database, for every process and every NODE_ENV
    logger: {
      level: 'error',
      log: (_level, message: unknown) =>
        options.onTrouble(message instanceof Error ? message.message : String(message)),
    },
    database: drizzleAdapter(options.orm, {
      provider: 'pg',
      transaction: true,
      schema: { user: users, session: sessions, account: logins, verification: verifications },
    }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 1, maxPasswordLength: 200 },
    session: { expiresIn: 30 * day, disableSessionRefresh: true },
    account: {
      // The state of a login that has begun is sealed in a cookie: who begins many writes nothing.
      storeStateStrategy: 'cookie',
      // A provider is trusted for its own domain by the owner who set it up; accounts come from invitations only.
      accountLinking: { enabled: true, requireLocalEmailVerified: false },
      encryptOAuthTokens: true,
    },
    user: { validateUserInfo: async ({ user, source }) => mayCome(providers, user.email, source.sso) },
    onAPIError: { errorURL: '/login' },
    trustedOrigins: options.allowHosts.flatMap((host) => [`http://${host}`, `https://${host}`]),
    plugins: [byProviders(providers, options.onNewPerson)],
    advanced: {
      cookiePrefix: cookiePrefix(options.url),
      useSecureCookies: false, // its prefix would be __Secure-; ours is the stricter __Host-
      defaultCookieAttributes: { secure, sameSite: 'lax', httpOnly: true, path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: ({ model }) => makeId(model) },
    },
  });
}

/** Our providers are in a table of ours, their secrets sealed; the plugin's own table, which keeps them in the clear, is not there. */
function byProviders(defaultSSO: NonNullable<SSOOptions['defaultSSO']>, onNewPerson: AuthOptions['onNewPerson']) {
  const { schema: _notThere, ...plugin } = sso({
    defaultSSO,
    domainVerification: { enabled: true },
    provisionUser: async ({ user, provider }) => onNewPerson(user.id, provider.providerId),
  });
  return plugin;
}

const addressHeader = 'x-heddle-address';

/** The provider vouches for its own domain and for nobody else, and not for an address that it says is unverified. */
function mayCome(
  providers: NonNullable<SSOOptions['defaultSSO']>,
  email: string | undefined,
  sent: { providerId: string; profile?: unknown } | undefined,
): { error: string } | undefined {
  if (!sent) return undefined;
  const provider = providers.find((one) => one.providerId === sent.providerId);
  const domain = email?.split('@').at(-1)?.toLowerCase();
  if (!provider || !domain || domain !== provider.domain) return { error: 'other-domain' };
  const profile = sent.profile;
  if (typeof profile === 'object' && profile !== null && 'email_verified' in profile) {
    if (profile.email_verified === false || profile.email_verified === 'false') return { error: 'email-unverified' };
  }
  return undefined;
}

const others = (providers: NonNullable<SSOOptions['defaultSSO']>, { id }: OpenProvider) =>
  providers.filter((one) => one.providerId !== id);

function asDefault({ id, domain, issuer, clientId, clientSecret, endpoints }: OpenProvider) {
  return {
    providerId: id,
    domain,
    oidcConfig: {
      issuer,
      clientId,
      clientSecret,
      pkce: true,
      scopes: ['openid', 'email', 'profile'],
      discoveryEndpoint: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      authorizationEndpoint: endpoints.authorization,
      tokenEndpoint: endpoints.token,
      jwksEndpoint: endpoints.jwks,
      ...(endpoints.userInfo ? { userInfoEndpoint: endpoints.userInfo } : {}),
    },
  };
}

function headersOf({ cookie, userAgent, ip }: Sent): Headers {
  const headers = new Headers({ [addressHeader]: ip });
  if (cookie) headers.set('cookie', cookie);
  if (userAgent) headers.set('user-agent', userAgent.slice(0, 300));
  return headers;
}

const cookiesOf = (response: Response) => response.headers.getSetCookie();

/** Undefined for a refusal of what was typed. */
const accepted = (response: Response) => (response.ok ? { cookies: cookiesOf(response) } : undefined);

/** better-auth hides what a database threw: asked ourselves, a database that is away says so by its own error. */
async function answerOf(orm: Orm, asking: Promise<Response>): Promise<Response> {
  const response = await asking;
  if (response.status < 500) return response;
  await orm.execute(sql`select 1`);
  throw new Error(`Logins answered ${response.status}.`);
}

/** Only ever a path of our own app (SAFETY E7). */
function ownPath(location: string | null, url: string): string {
  if (!location || !URL.canParse(location, url)) return '/login?error=oidc';
  const target = new URL(location, url);
  return target.origin === new URL(url).origin ? `${target.pathname}${target.search}` : '/login?error=oidc';
}
