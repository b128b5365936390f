import * as z from 'zod';
import { refusalBody } from '../../flow/contract/refusal.ts';
import { isOpenAddress } from '../../flow/document/open-address.ts';
import type { Needed } from './caller.ts';
import { codes, codesOf } from './codes.ts';
import type { Code } from './codes.ts';
import type { About, ListedRoute } from './door.ts';
import type { Route } from './route.ts';

/**
 * Made from the same schemas that parse, so that it cannot say something else than the server does; what has no schema (streams, webhooks) says
 * itself what it is. Each operation lists the codes that it may refuse with, by status and in `x-codes`.
 */
export function openApi(
  { routes, listed }: { routes: readonly Route[]; listed: readonly ListedRoute[] },
  server: { url: string; hooksUrl?: string | undefined; version: string },
): Record<string, unknown> {
  const paths = new Map<string, Record<string, unknown>>();
  const put = (path: string, method: string, what: Record<string, unknown>) =>
    paths.set(path, { ...paths.get(path), [method.toLowerCase()]: what });
  for (const route of routes) put(templateOf(route.path), route.method, operation(route));
  for (const { method, path, role, about } of listed)
    if (about && method !== 'HEAD' && method !== 'OPTIONS')
      put(about.path ?? templateOf(path), method, described({ method, path, role, about }));
  const { hooksUrl } = server;
  if (hooksUrl !== undefined)
    for (const [path, item] of paths)
      if (isOpenAddress(path)) paths.set(path, { servers: [{ url: hooksUrl }], ...item });
  return {
    openapi: '3.1.0',
    info: { title: 'Heddle', version: server.version },
    servers: [{ url: server.url }],
    paths: Object.fromEntries([...paths].toSorted(([one], [other]) => one.localeCompare(other))),
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(refusalBody, 'output') },
    },
  };
}

const templateOf = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}');

function operation(route: Route): Record<string, unknown> {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
  return {
    ...heading(route.summary, route.role),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: json(schemaOf(route.body, 'input')),
          },
        }
      : {}),
    ...answers(
      Object.fromEntries(Object.entries(route.replies).map(([status, schema]) => [status, reply(schema)])),
      codesOf({ ...route, hasBody: route.body !== undefined, hasQuery: parameters.length > 0 }),
    ),
  };
}

/** An address without schemas, in its own words. */
function described({ method, path, role, about }: ListedRoute & { about: About }): Record<string, unknown> {
  const named = [...(about.path ?? templateOf(path)).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const parameters = named.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const said = Object.entries(about.answers).map(([status, [type, description]]) => [
    status,
    { description, ...(type === undefined ? {} : { content: { [type]: {} } }) },
  ]);
  const given = { method: 'GET', path: '', role, hasBody: false, hasQuery: false, refuses: about.refuses ?? [] };
  return {
    ...heading(about.summary, role),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(method === 'GET' || method === 'DELETE' ? {} : { requestBody: { required: false, content: { '*/*': {} } } }),
    ...answers(Object.fromEntries(said), codesOf(given)),
  };
}

const heading = (summary: string, role: Needed) => ({
  summary,
  description: role === 'public' ? 'Open to everybody.' : `Needs the role ${role}.`,
  'x-role': role,
  security: role === 'public' ? [] : [{ key: [] }],
});

/** What comes back, refusals beside answers: a status that is both says both. */
function answers(replies: Readonly<Record<string, unknown>>, refused: readonly Code[]) {
  const byStatus = Map.groupBy(refused, (code) => codes[code]);
  const errors = [...byStatus].map(([status, own]) => [
    status,
    { description: `Refused: ${own.join(', ')}`, content: json({ $ref: '#/components/schemas/Error' }) },
  ]);
  return { responses: { ...Object.fromEntries(errors), ...replies }, 'x-codes': refused };
}

function reply(schema: z.ZodType): Record<string, unknown> {
  if (schema instanceof z.ZodUndefined) return { description: 'Done' };
  return { description: schema.description ?? 'Done', content: json(schemaOf(schema, 'output')) };
}

const json = (schema: unknown) => ({ 'application/json': { schema } });

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

function parametersOf(schema: z.ZodType, where: 'path' | 'query'): unknown[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: where,
    required: where === 'path' || (Array.isArray(required) && required.includes(name)),
    schema: shape,
  }));
}
