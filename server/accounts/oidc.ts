import { and, asc, eq } from 'drizzle-orm';
import * as z from 'zod';
import { roles } from '../../flow/contract/account.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { OpenProvider } from './auth.ts';
import type { Orm } from './database.ts';
import type { Secret } from './secret.ts';
import { members, oidcProviders } from './tables.ts';

/** Reads a JSON document of another server through the guarded client; the only way out of this room. */
export type FetchJson = (url: string) => Promise<unknown>;

/** What an owner sets. `domain`: whose people the provider vouches for; new ones join as `role`. */
export const ProviderSettings = z.strictObject({
  name: z.string().trim().min(1).max(100),
  domain: z
    .string()
    .regex(/^[a-z\d-]+(\.[a-z\d-]+)+$/i, 'must be a domain such as example.com')
    .transform((domain) => domain.toLowerCase()),
  role: z.enum(roles).exclude(['owner']).default('viewer'),
  issuer: z.url({ protocol: /^https?$/, error: 'must be the address of the issuer' }),
  clientId: z.string().min(1).max(500),
  /** Left out: the stored one stays. */
  clientSecret: z.string().min(1).max(2000).optional(),
});
export type ProviderSettings = z.output<typeof ProviderSettings>;

/** In the callback's address: `<url>/api/auth/sso/callback/<id>`. */
export const ProviderId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,40}$/, 'must be of a-z, 0-9 and -, beginning with a letter');

const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
});

const Endpoints = z.object({
  authorization: z.string(),
  token: z.string(),
  jwks: z.string(),
  userInfo: z.string().optional(),
});

/** The providers that the login page offers. */
export async function listProviders(orm: Orm) {
  return orm
    .select({ id: oidcProviders.id, name: oidcProviders.name })
    .from(oidcProviders)
    .orderBy(asc(oidcProviders.name));
}

/** The providers that bring people to a workspace, without their secrets. */
export async function listSettings(orm: Orm, workspace: string) {
  return orm
    .select({
      id: oidcProviders.id,
      name: oidcProviders.name,
      domain: oidcProviders.domain,
      role: oidcProviders.role,
      issuer: oidcProviders.issuer,
      clientId: oidcProviders.clientId,
    })
    .from(oidcProviders)
    .where(eq(oidcProviders.workspace, workspace))
    .orderBy(asc(oidcProviders.id));
}

/** Looks the issuer up and stores it. 404 when the id is another workspace's; 422 when the issuer cannot be read or is another one. */
export async function saveProvider(
  { orm, secret, fetchJson }: { orm: Orm; secret: Secret; fetchJson: FetchJson },
  workspace: string,
  id: string,
  settings: ProviderSettings,
): Promise<void> {
  const [stored] = await orm.select().from(oidcProviders).where(eq(oidcProviders.id, id));
  if (stored && stored.workspace !== workspace) throw notFound('provider');
  const sealedSecret = settings.clientSecret ? secret.seal(settings.clientSecret, `oidc ${id}`) : stored?.sealedSecret;
  if (!sealedSecret) throw new Refusal(400, 'invalid', 'clientSecret: is missing.');
  const { issuer, endpoints } = await discover(fetchJson, settings.issuer);
  const { clientSecret: _given, ...rest } = settings;
  const row = { ...rest, workspace, issuer, sealedSecret, endpoints };
  await orm
    .insert(oidcProviders)
    .values({ id, ...row })
    .onConflictDoUpdate({ target: oidcProviders.id, set: row, setWhere: eq(oidcProviders.workspace, workspace) });
}

/** Nobody logs in by it any more; sessions that began with it last. */
export async function removeProvider(orm: Orm, workspace: string, id: string): Promise<void> {
  const gone = await orm
    .delete(oidcProviders)
    .where(and(eq(oidcProviders.workspace, workspace), eq(oidcProviders.id, id)))
    .returning({ id: oidcProviders.id });
  if (gone.length === 0) throw notFound('provider');
}

/** A provider with its secret open. */
export async function readProvider(orm: Orm, secret: Secret, id: string): Promise<OpenProvider> {
  const [row] = await orm.select().from(oidcProviders).where(eq(oidcProviders.id, id));
  if (!row) throw notFound('provider');
  return {
    id,
    domain: row.domain,
    issuer: row.issuer,
    clientId: row.clientId,
    clientSecret: secret.open(row.sealedSecret, `oidc ${id}`),
    endpoints: Endpoints.parse(row.endpoints),
  };
}

/** Who comes by a provider for the first time joins its workspace; somebody who was there before keeps their role. */
export async function joinByProvider(orm: Orm, userId: string, id: string): Promise<void> {
  const [row] = await orm
    .select({ workspace: oidcProviders.workspace, role: oidcProviders.role })
    .from(oidcProviders)
    .where(eq(oidcProviders.id, id));
  if (row)
    await orm
      .insert(members)
      .values({ ...row, userId })
      .onConflictDoNothing();
}

/** OpenID Connect Discovery 1.0, 4: the document must name the issuer that was asked. */
async function discover(fetchJson: FetchJson, asked: string) {
  const plain = asked.replace(/\/+$/, '');
  const document = await fetchJson(`${plain}/.well-known/openid-configuration`).catch((error: unknown) => {
    throw issuerProblem(error instanceof Error ? error.message : 'it does not answer');
  });
  const parsed = Discovery.safeParse(document);
  if (!parsed.success) throw issuerProblem('it has no OpenID configuration');
  const found = parsed.data;
  if (found.issuer.replace(/\/+$/, '') !== plain) throw issuerProblem('its configuration names another issuer');
  const endpoints = {
    authorization: found.authorization_endpoint,
    token: found.token_endpoint,
    jwks: found.jwks_uri,
    userInfo: found.userinfo_endpoint,
  };
  return { issuer: found.issuer, endpoints };
}

const issuerProblem = (why: string) =>
  new Refusal(422, 'issuer-unusable', `The issuer cannot be used: ${why}.`, {
    mend: 'Check the address of the issuer.',
  });
