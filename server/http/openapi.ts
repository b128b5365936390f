import * as z from 'zod';
import type { Route } from './route.ts';

/** Made from the same schemas that parse, so that it cannot say something else than the server does. */
export function openApi(routes: readonly Route[], server: { url: string; version: string }): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of [...routes].sort((a, b) => a.path.localeCompare(b.path))) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Heddle', version: server.version },
    servers: [{ url: server.url }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: schemaOf(errorShape, 'output') },
    },
  };
}

const errorShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    mend: z.string().optional(),
    details: z.unknown().optional(),
  }),
});

function operation(route: Route): Record<string, unknown> {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')];
  return {
    summary: route.summary,
    description: route.role === 'public' ? 'Open to everybody.' : `Needs the role ${route.role}.`,
    'x-role': route.role,
    security: route.role === 'public' ? [] : [{ key: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: !route.body.safeParse(undefined).success,
            content: json(schemaOf(route.body, 'input')),
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(Object.entries(route.replies).map(([status, schema]) => [status, reply(schema)])),
      default: { description: 'What went wrong', content: json({ $ref: '#/components/schemas/Error' }) },
    },
  };
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
