import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type {} from '@fastify/rate-limit';
import { anonymous, countedAs } from './caller.ts';
import type { Caller, Needed } from './caller.ts';
import type { Code } from './codes.ts';
import type { JsonWarning } from '../text/json-scan.ts';
import { quote } from '../../flow/document/quote.ts';
import { networkOf } from './place.ts';
import { admit, Refusal } from './refusal.ts';
import { tooMany } from './too-many.ts';
import { refuseForeign } from './same-site.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may come in; a route without it keeps the server from starting. */
    role?: Needed;
    /** `false`: cookies and keys are not looked at (webhooks, health), so that the route works without the database. */
    identify?: false;
    /** `false`: the route counts its requests itself. */
    counted?: false;
    /** What the OpenAPI document says of an address that no declared route serves. */
    about?: About;
  }
  interface FastifyRequest {
    caller: Caller;
    warnings: readonly JsonWarning[];
  }
}

/** An address in words: what it is for, what it answers with by status, what it refuses. */
export interface About {
  /** When it is not the route's own: `/hooks/{workspace}/{path}`. */
  readonly path?: string;
  readonly summary: string;
  /** Content type and words by status. */
  readonly answers: Readonly<Record<number, readonly [type: string | undefined, words: string]>>;
  readonly refuses?: readonly Code[];
}

/** Turns a request's cookie or key into a caller; the one place where that happens is server/accounts. */
export type Identify = (request: IdentifiableRequest) => Promise<Caller>;

/** Who a request's cookie or key was not long ago, without asking for it: it may have been revoked since, and lets nobody in. */
export type Lately = (request: IdentifiableRequest) => Caller | undefined;

/** What identifies a caller. */
export interface IdentifiableRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `?workspace=`, for requests that cannot have headers of their own (EventSource). */
  readonly workspace: string | undefined;
}

/** How many requests one caller may make in 10 s. */
export interface Budget {
  /** Of a person or key. */
  readonly known: number;
  /** Of an address without a valid cookie or key; its network has four times as many. */
  readonly unknown: number;
}

/** Generous: they stop runaway loops and floods, not programs at work. */
export const budget: Budget = { known: 50_000, unknown: 5_000 };

/** One route as the role matrix lists it. */
export interface ListedRoute {
  readonly method: string;
  readonly path: string;
  readonly role: Needed;
  readonly about?: About;
}

/**
 * Puts the door in front of every route: how often who calls may, who that is, may they, does the request come from our own site. A route that does
 * not say which role it needs throws at registration. Returns the list of routes, which grows as they are registered.
 */
export function hangDoor(
  app: FastifyInstance,
  options: { identify: Identify; lately: Lately; ownOrigin: () => string; budget: Budget },
): ListedRoute[] {
  const routes: ListedRoute[] = [];
  app.addHook('onRoute', (route: RouteOptions) => {
    const { role, about } = route.config ?? {};
    if (!role) throw new Error(`${String(route.method)} ${route.url} declares no role.`);
    for (const method of [route.method].flat())
      routes.push({ method, path: route.url, role, ...(about ? { about } : {}) });
  });
  app.decorateRequest('caller', { getter: () => anonymous });
  const counts = counters(app, options.budget);
  app.addHook('onRequest', async (request) => {
    // Postgres takes no NUL in a text, and nothing has one in its address by right.
    if (request.url.includes('%00')) throw new Refusal(400, 'bad-url', 'The address has a character that cannot be.');
    const { role, identify, counted } = request.routeOptions.config;
    const isAsked = identify !== false && !request.is404;
    if (isAsked) refuseTwice(request.query);
    // Counted before anything is asked of the database: whoever is over what he may have, or sends keys that nobody had lately, costs no look-up.
    const before = (isAsked && options.lately(identifiable(request))) || anonymous;
    if (counted !== false) await counts(request, before);
    const caller = isAsked ? await options.identify(identifiable(request)) : anonymous;
    Object.defineProperty(request, 'caller', { value: caller });
    const isOther = countedAs(caller, request.ip) !== countedAs(before, request.ip);
    if (counted !== false && isOther) await counts(request, caller);
    if (request.is404) return;
    admit(caller, role ?? 'owner');
    if (identify !== false) guardSite(request, options.ownOrigin());
  });
  return routes;
}

/** What a request shows of who sends it. */
export function identifiable(request: FastifyRequest): IdentifiableRequest {
  const query = request.query;
  const asked = typeof query === 'object' && query !== null && 'workspace' in query ? query.workspace : undefined;
  return { headers: request.headers, workspace: typeof asked === 'string' ? asked : undefined };
}

/** Of two, one program on the way believes the first and another the last. */
function refuseTwice(query: unknown): void {
  const [name] = Object.entries(query ?? {}).find(([, value]) => Array.isArray(value)) ?? [];
  if (name === undefined) return;
  const what = quote(name.slice(0, 100));
  throw new Refusal(400, 'query-twice', `The parameter ${what} is there twice.`, { mend: 'Send it once.' });
}

function guardSite(request: FastifyRequest, ownOrigin: string): void {
  const { caller, headers, method } = request;
  if (caller.kind === 'key') return; // no browser sends a key by itself
  const sender = {
    method,
    origin: headers.origin,
    host: headers.host,
    fetchSite: one(headers['sec-fetch-site']),
    contentType: headers['content-type'],
  };
  refuseForeign(sender, ownOrigin, caller.kind === 'user');
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** A network is allowed as much as so many of its places: people share one, and one sender may have it all. */
const placesOfNetwork = 4;

function counters(app: FastifyInstance, { known, unknown }: Budget) {
  const counting = new WeakMap<FastifyRequest, Caller>();
  const counter = (max: number, keyGenerator: (request: FastifyRequest) => string) =>
    app.createRateLimit({ max, timeWindow: 10_000, keyGenerator });
  const callerOf = (request: FastifyRequest) => countedAs(counting.get(request) ?? anonymous, request.ip);
  const ofKnown = [counter(known, callerOf)];
  const ofUnknown = [
    counter(unknown, callerOf),
    counter(placesOfNetwork * unknown, ({ ip }) => `network:${networkOf(ip)}`),
  ];
  return async (request: FastifyRequest, caller: Caller) => {
    counting.set(request, caller);
    for (const count of caller.kind === 'anonymous' ? ofUnknown : ofKnown) {
      const counted = await count(request);
      if (!counted.isAllowed && counted.isExceeded) throw tooMany(counted.ttlInSeconds);
    }
  };
}
