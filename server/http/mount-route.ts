import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { gzipSync } from 'node:zlib';
import type * as z from 'zod';
import { invalid } from './answer-error.ts';
import { JsonText } from './json-text.ts';
import { isHeavy, jsonInTurns } from '../text/known-json.ts';
import type { Answer, Asked, Route } from './route.ts';
import { admit, Refusal } from './refusal.ts';

/** Registers a declared route: parses what came by its schemas, gives its handle a whole `Asked`, sends its answer. */
export function mountRoute(app: FastifyInstance, route: Route): void {
  const { method, path: url, role, bodyLimit } = route;
  app.route({
    method,
    url,
    config: { role },
    ...(bodyLimit ? { bodyLimit } : {}),
    handler: async (request, reply) => {
      const answer = await route.handle(askedOf(route, request, reply));
      return route.isConstant && takesGzip(request) ? sendZipped(reply, answer) : send(reply, answer);
    },
  });
}

function askedOf(route: Route, request: FastifyRequest, reply: FastifyReply): Asked {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const { caller } = request;
  const { workspace: _workspace, ...query } = asRecord(request.query);
  admit(caller, route.role); // once more, so that a handle's `Member` is true whatever stands before it
  return {
    params: parse(route.params, request.params, 'path'),
    query: parse(route.query, query, 'query'),
    body: bodyOf(route, request),
    caller: caller as Asked['caller'], // admitted: a member unless the route is public
    workspace: caller.workspace,
    warnings: request.warnings,
    headers: request.headers,
    ip: request.ip,
    signal: gone.signal,
  };
}

function bodyOf(route: Route, request: FastifyRequest): unknown {
  if (!route.body) return undefined;
  if (request.body === undefined && route.body.safeParse(undefined).success) return undefined;
  if (request.body === undefined) throw new Refusal(400, 'body-missing', 'This needs a JSON body.');
  return parse(route.body, request.body);
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

function parse(schema: z.ZodType, value: unknown, within?: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error, within);
}

async function send(reply: FastifyReply, { status, body, headers = {} }: Answer): Promise<FastifyReply> {
  reply.code(status);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (body === undefined) return reply.send();
  return reply.type('application/json; charset=utf-8').send(await longTextOf(body));
}

const textOf = (body: unknown): string => (body instanceof JsonText ? body.text : JSON.stringify(body));

/** The same of what may be long: written in turns. */
const longTextOf = (body: unknown): string | Promise<string> =>
  !(body instanceof JsonText) && isHeavy(body) ? jsonInTurns(body) : textOf(body);

const takesGzip = ({ headers }: FastifyRequest): boolean => /\bgzip\b/.test(headers['accept-encoding'] ?? '');

const zipped = new WeakMap<object, Buffer>();

/** The same object for everybody holds nothing of anybody, so that its length tells nothing (BREACH). */
async function sendZipped(reply: FastifyReply, { status, body, headers = {} }: Answer): Promise<FastifyReply> {
  if (typeof body !== 'object' || body === null) return send(reply, { status, body, headers });
  const bytes = zipped.get(body) ?? gzipSync(textOf(body), { level: 9 });
  zipped.set(body, bytes);
  return reply
    .code(status)
    .headers({ ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' })
    .type('application/json; charset=utf-8')
    .send(bytes);
}
