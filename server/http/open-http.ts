import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { AnyTRPCRouter } from '@trpc/server';
import type { Registry } from 'prom-client';
import { addressGuard } from './address-guard.ts';
import { answerError } from './answer-error.ts';
import type { ErrorAnswer } from './answer-error.ts';
import { budget, hangDoor } from './door.ts';
import type { Budget, Identify, Lately, ListedRoute } from './door.ts';
import { faultNumber } from './fault-number.ts';
import { passesFirstLook } from './first-look.ts';
import { loopHolds } from './loop-metric.ts';
import { mountHealth, mountMetrics, openMetrics, timed } from './health.ts';
import type { Ready } from './health.ts';
import { bodyMost, senderOf } from './body-most.ts';
import { readJson } from './body/json-body.ts';
import { withBody } from './body/read-body.ts';
import { mountRoute } from './mount-route.ts';
import { mountTrpc } from './mount-trpc.ts';
import { openApi } from './openapi.ts';
import { listProcedures } from './procedure.ts';
import type { ListedProcedure } from './procedure.ts';
import { enterMade, inPieces, readers } from './readers.ts';
import type { Route } from './route.ts';
import { sendJson } from './send-json.ts';
import { headers } from './security-headers.ts';
import { Streams } from './streams.ts';
import { mountStatic } from './static-files.ts';
import { atOnceMost } from '../text/turns.ts';

/** A set of routes that need Fastify itself: raw bodies, streams. Each route declares its role in `config`; a plugin of its own scope. */
export type Annex = (app: FastifyInstance, house: House) => void | Promise<void>;

/** What an annex may use of the server it is built into. */
export interface House {
  readonly identify: Identify;
  readonly log: HttpOptions['log'];
  readonly streams: Streams;
  /** Ends when the server begins to close: streams that never end by themselves must. */
  readonly closing: AbortSignal;
}

/**
 * An address that is served on Node's own sockets, before the framework sees the request: where each tenth of a millisecond counts. The framework
 * must know a public route of the same address all the same: it is what the role matrix lists.
 */
export interface SocketRoute {
  readonly prefix: string;
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface HttpOptions {
  /** The address that people use (`config.url`): what `Origin` must be, what links begin with. */
  readonly url: string;
  /** Where webhooks, forms and links answer and nothing else does; unset: at `url`, with all the rest. */
  readonly hooksUrl?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly log: { error(fields: object, sentence: string): void; warn(fields: object, sentence: string): void };
  readonly identify: Identify;
  /** Nobody was seen before when left out. */
  readonly lately?: Lately;
  readonly ready: Ready;
  readonly routes: readonly Route[];
  readonly router: AnyTRPCRouter;
  readonly annexes?: readonly Annex[];
  readonly socketRoutes?: readonly SocketRoute[];
  /** The folder of the built app. */
  readonly web: string;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed; none when left out. */
  readonly trustProxy?: readonly string[];
  readonly budget?: Budget;
  /** How many streams of events may be open at once. */
  readonly streams?: number;
  readonly metrics?: Registry;
}

/** The web server, ready to listen. */
export interface Http extends AsyncDisposable {
  readonly app: FastifyInstance;
  /** The routes that rooms declared. */
  readonly routes: readonly Route[];
  /** Every address with the role it needs. */
  readonly listed: readonly ListedRoute[];
  /** Every procedure with the role it needs. */
  readonly procedures: readonly ListedProcedure[];
  /** Begins to listen; gives the port, which 0 leaves to the system. */
  listen(): Promise<number>;
  /** Takes nothing new, ends streams, lets what is under way finish for `withinMs`, then cuts it off. */
  close(withinMs?: number): Promise<void>;
}

const usualStreams = 2_000;
const defaultBodyBytes = 1024 * 1024;
/** The last bound on what comes in; `withBody` knows how slow a body may be long before. */
const longestRequestMs = 600_000;

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Builds the web server from what rooms declare. Default deny: a route without a role keeps it from starting. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const { identify, log, lately = () => undefined } = options;
  const closing = new AbortController();
  const app = Fastify({
    logger: false,
    bodyLimit: defaultBodyBytes,
    requestTimeout: longestRequestMs,
    forceCloseConnections: 'idle',
    return503OnClosing: false, // what came over an open connection before it closed is still served
    trustProxy: options.trustProxy?.length ? [...options.trustProxy] : false,
    routerOptions: { maxParamLength: 2_000 },
    frameworkErrors: (error, request, reply) => void refuse(error, request, reply, log),
    clientErrorHandler: (_error, socket) => void socket.end(badRequest),
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
  });
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply, log));
  takeJsonOnly(app);
  sendAsTaken(app);
  await app.register(helmet, headers(options.url));
  await app.register(rateLimit, { global: false });
  const ownOrigin = new URL(options.url).origin;
  const listed = hangDoor(app, { identify, lately, ownOrigin: () => ownOrigin, budget: options.budget ?? budget });
  mountHealth(app, options.ready, () => closing.signal.aborted);
  const metrics = options.metrics ?? openMetrics();
  mountMetrics(app, metrics, identify);
  for (const route of options.routes) mountRoute(app, route);
  // Of what is registered when it is first asked for: annexes come later.
  const document = once(() => JSON.stringify(openApi({ routes: options.routes, listed }, options)));
  app.get('/api/openapi.json', { config: { role: 'public', identify: false } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(document()),
  );
  const streams = new Streams(options.streams ?? usualStreams, metrics);
  await mountTrpc(app, { router: options.router, identify, log, streams });
  const house: House = { identify, log, streams, closing: closing.signal };
  for (const annex of options.annexes ?? []) await app.register(async (inner) => annex(inner, house));
  mountStatic(app, options.web, listed);
  await app.ready();
  serveOnSockets(app, options, metrics);
  const close = (withinMs = 10_000) => closeWithin(app, closing, withinMs);
  const listen = async () => {
    await app.listen({ host: options.host, port: options.port });
    loopHolds().forget();
    const address = app.server.address();
    return isAddress(address) ? address.port : options.port;
  };
  return {
    app,
    routes: options.routes,
    listed,
    procedures: listProcedures(options.router),
    listen,
    close,
    [Symbol.asyncDispose]: () => close(0),
  };
}

/**
 * Puts itself in front of the framework: a first look at each request, and what is served without it: 0.06 ms of its 0.4 for a webhook (hooks,
 * headers and parsers that webhooks do not use).
 */
function serveOnSockets(
  app: FastifyInstance,
  { socketRoutes = [], hooksUrl }: Pick<HttpOptions, 'socketRoutes' | 'hooksUrl'>,
  metrics: Registry,
): void {
  const isAtHome = addressGuard(hooksUrl);
  const listeners = app.server.listeners('request');
  app.server.removeAllListeners('request');
  app.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    readers.watch(response);
    if (!passesFirstLook(request, response) || !isAtHome(request, response)) return;
    const found = socketRoutes.find(({ prefix }) => request.url?.startsWith(prefix));
    if (!found) for (const listener of listeners) Reflect.apply(listener, app.server, [request, response]);
    else {
      timed(metrics, `${found.prefix}*`, request, response);
      void found.serve(request, response);
    }
  });
}

const isAddress = (address: AddressInfo | string | null): address is AddressInfo =>
  typeof address === 'object' && address !== null;

const badRequest =
  'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n' +
  JSON.stringify({ error: { code: 'bad-request', message: 'This is not HTTP as it is understood here.' } });

/** JSON and nothing else; an annex takes other types in its own scope. */
function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.decorateRequest('warnings', { getter: () => [] });
  app.addContentTypeParser('application/json', async (request: FastifyRequest) =>
    withBody(
      request.raw,
      bodyMost(request),
      async (body) => {
        if (body.length === 0) return undefined;
        const { value, warnings } = await readJson(body);
        Object.defineProperty(request, 'warnings', { value: warnings });
        return value;
      },
      { sender: senderOf(request) },
    ),
  );
}

/** Large answers go in pieces, each when the one before was taken. */
function sendAsTaken(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    if (payload.length <= atOnceMost) return payload;
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
    enterMade(reply.raw, bytes.length, request.caller?.workspace);
    reply.header('content-length', bytes.length);
    return inPieces(bytes);
  });
}

async function refuse(
  error: FastifyError | Error | unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: HttpOptions['log'],
) {
  const number = faultNumber();
  const answer = answerError(error, number);
  const where = { method: request.method, route: request.routeOptions?.url };
  if (answer.isOurs) log.error({ err: error, number, ...where }, 'our fault');
  else if (answer.status >= 500) log.warn({ err: error, ...where }, answer.body.error.code);
  // An upload that is refused half-way would otherwise be read to its end.
  if (answer.status === 413) reply.header('connection', 'close');
  const send = ({ status, headers, body }: ErrorAnswer) => sendJson(reply.code(status).headers(headers), body);
  try {
    return await send(answer);
  } catch (noRoom) {
    return send(answerError(noRoom, number)); // a draft that is stale comes with the one that is there
  }
}

async function closeWithin(app: FastifyInstance, closing: AbortController, withinMs: number): Promise<void> {
  closing.abort();
  // A connection that served its last request stays open for the next; each is closed as it falls idle.
  const idle = setInterval(() => app.server.closeIdleConnections(), 50);
  const cut = setTimeout(() => app.server.closeAllConnections(), withinMs);
  try {
    await app.close();
  } finally {
    clearInterval(idle);
    clearTimeout(cut);
  }
}
