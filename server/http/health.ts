import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { admit, unauthenticated } from './refusal.ts';
import { identifiable } from './door.ts';
import { countHolds } from './loop-metric.ts';
import type { Identify } from './door.ts';

/** Throws, or never answers, when requests cannot be served. */
export type Ready = () => Promise<unknown>;

const readyWithinMs = 2_000;

const said = { 200: ['application/json', '{status}'] } as const;

/** `/healthz` says that the process lives, `/readyz` that it can serve: its database answers and is migrated. */
export function mountHealth(app: FastifyInstance, ready: Ready, isClosing: () => boolean): void {
  const open = (summary: string) =>
    ({ config: { role: 'public', identify: false, counted: false, about: { summary, answers: said } } }) as const;
  // Anybody may ask, and nobody is counted.
  const problem = oneAtATime(() => problemOf(ready));
  app.get('/healthz', open('The process lives'), async () => ({ status: 'ok' }));
  app.get(
    '/readyz',
    open('It can serve: its database answers and is migrated; 503 otherwise'),
    async (_request, reply) => {
      const found = isClosing() ? 'closing' : await problem();
      if (!found) return { status: 'ready' };
      return reply.code(503).header('retry-after', '2').send({ status: 'not-ready', problem: found });
    },
  );
}

/** Whoever comes while it is asked gets the same answer. */
function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => (asking ??= ask().finally(() => (asking = undefined)));
}

async function problemOf(ready: Ready): Promise<string | undefined> {
  const late = new AbortController();
  try {
    const said = pause(readyWithinMs, 'late', { signal: late.signal, ref: false }).catch(() => undefined);
    return (await Promise.race([ready().then(() => 'ready'), said])) === 'ready' ? undefined : 'database';
  } catch {
    return 'database';
  } finally {
    late.abort();
  }
}

/** The numbers of this process, in Prometheus' text; rooms add their own metrics to the registry. */
export function openMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countHolds(registry);
  return registry;
}

const histogram = 'heddle_http_seconds';

/** Counts a request that the framework does not see among the others. */
export function timed(registry: Registry, route: string, request: IncomingMessage, response: ServerResponse): void {
  const took = registry.getSingleMetric(histogram);
  const began = performance.now();
  response.once('finish', () => {
    if (took instanceof Histogram)
      took.observe(
        { method: request.method ?? '', route, status: response.statusCode },
        (performance.now() - began) / 1000,
      );
  });
}

/** `/metrics`, for loopback and for keys of any role, and how long every route took. */
export function mountMetrics(app: FastifyInstance, registry: Registry, identify: Identify): void {
  const took = new Histogram({
    name: histogram,
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    took.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  const about = {
    summary: 'Numbers for Prometheus, with a key or from loopback',
    answers: { 200: ['text/plain', 'The text format'] },
    refuses: ['unauthenticated'],
  } as const;
  app.get('/metrics', { config: { role: 'public', identify: false, about } }, async (request, reply) => {
    if (!isLoopback(request)) {
      const caller = await identify(identifiable(request));
      if (caller.kind !== 'key') throw unauthenticated();
      admit(caller, 'viewer');
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** A proxy on this machine makes everybody look local: what was forwarded is not. */
function isLoopback(request: FastifyRequest): boolean {
  const { headers } = request;
  if (headers['x-forwarded-for'] ?? headers['forwarded'] ?? headers['x-real-ip']) return false;
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}
