import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { invalid } from './answer-error.ts';
import { leftSignal } from './left-signal.ts';
import { roomFor } from './readers.ts';
import type { Answer, Asked, Route } from './route.ts';
import { admit, Refusal } from './refusal.ts';
import { sendJson, sendZipped } from './send-json.ts';

/** Registers a declared route: parses what came by its schemas, gives its handle a whole `Asked`, sends its answer. */
export function mountRoute(app: FastifyInstance, route: Route): void {
  const { method, path: url, role, bodyLimit } = route;
  app.route({
    method,
    url,
    config: { role },
    ...(bodyLimit ? { bodyLimit } : {}),
    handler: async (request, reply) => {
      const made = Promise.withResolvers<void>();
      try {
        return await send(reply, await route.handle(askedOf(route, request, reply, made.promise)), route.isConstant);
      } finally {
        made.resolve();
      }
    },
  });
}

function askedOf(route: Route, request: FastifyRequest, reply: FastifyReply, made: Promise<void>): Asked {
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
    signal: leftSignal(reply.raw),
    makeRoom: roomFor(reply.raw, { workspace: caller.workspace, made }),
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

async function send(
  reply: FastifyReply,
  { status, body, headers = {} }: Answer,
  isConstant: boolean,
): Promise<FastifyReply> {
  reply.code(status);
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (body === undefined) return reply.send();
  const isZipped = isConstant && takesGzip(reply.request) && typeof body === 'object' && body !== null;
  return isZipped ? sendZipped(reply, body) : sendJson(reply, body);
}

const takesGzip = ({ headers }: FastifyRequest): boolean => /\bgzip\b/.test(headers['accept-encoding'] ?? '');
