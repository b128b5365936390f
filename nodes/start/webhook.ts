import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, credential, keyValues, list, longText, text, whole } from '../kit/fields.ts';

const secret = {
  credential: credential({ title: 'Credential', description: 'Where the secret is kept.' }).optional(),
};

const auth = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('basic'), ...secret }),
    z.object({ kind: z.literal('header'), name: text({ title: 'Header' }).default('authorization'), ...secret }),
    z.object({
      kind: z.literal('hmac'),
      header: text({ title: 'Header with the signature' }).default('x-signature'),
      algorithm: choice(['sha256', 'sha1', 'sha512'], { title: 'Algorithm' }).default('sha256'),
      encoding: choice(['hex', 'base64'], { title: 'Written in' }).default('hex'),
      prefix: longText({ title: 'Before the signature', placeholder: 'sha256=' }).default(''),
      timestampHeader: text({
        title: 'Header with the time',
        description: 'When given, the text signed is time.body, and old ones are refused.',
      }).optional(),
      ...secret,
    }),
    z.object({
      kind: z.literal('jwt'),
      algorithm: choice(['HS256', 'RS256', 'ES256', 'EdDSA'], { title: 'Algorithm' }).default('HS256'),
      issuer: text({ title: 'Issuer' }).optional(),
      audience: text({ title: 'Audience' }).optional(),
      ...secret,
    }),
  ])
  .default({ kind: 'none' })
  .meta({ title: 'Who may call', ui: 'auth' });

const call = {
  method: 'POST',
  path: '/orders',
  headers: { 'content-type': 'application/json' },
  query: {},
  params: {},
  body: { sku: 'A1', note: 'ÅÄÖ 🎈' },
};

export const webhook = defineNode({
  type: 'start.webhook',
  version: 1,
  title: 'Webhook',
  icon: 'webhook',
  summary: 'Starts when its address is called, and may answer the caller.',
  line: '{{ (methods ?? ["POST"]).join(" ") }} /{{ path }}',
  params: z.object({
    path: z
      .string()
      .regex(/^(?!\/)(?!.*\/\/)[A-Za-z0-9\-._~/:]{1,200}(?<!\/)$/, 'Write a path such as orders or orders/:id.')
      .meta({
        title: 'Path',
        description: 'After /hooks/<workspace>/; :name takes a part of it.',
        ui: 'text',
        placeholder: 'orders/:id',
      }),
    methods: list(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']), { title: 'Methods' })
      .min(1)
      .default(['POST']),
    auth,
    body: choice(['parsed', 'raw'], {
      title: 'Body',
      description: 'Parsed by its content type, or the text as it came (for signatures).',
    }).default('parsed'),
    reply: choice(['now', 'last', 'respond', 'stream'], {
      title: 'Answer',
      labels: {
        now: 'At once',
        last: 'With what the last node gives',
        respond: 'With a Respond node',
        stream: 'Bit by bit, while it runs',
      },
    }).default('now'),
    response: z
      .object({
        status: whole({ title: 'Status', min: 200, max: 599 }).default(202),
        headers: keyValues({ title: 'Headers' }).optional(),
        body: z.unknown().optional().meta({ title: 'Body', description: 'Left out: {"runId": …}.', ui: 'json' }),
      })
      .optional()
      .meta({ title: 'Answer given at once' }),
    dedupeKey: longText({
      title: 'Same call',
      description: 'Calls for which this gives the same text within 24 hours start one run.',
      placeholder: '{{ $json.body.id }}',
    }).optional(),
    allowedOrigins: list(text({ title: 'Origin' }), {
      title: 'Allowed origins',
      description: 'Pages that may call it from a browser; * for all.',
    }).default([]),
  }),
  literal: ['path', 'methods', 'auth', 'body', 'reply', 'response', 'dedupeKey', 'allowedOrigins'],
  inputs: {},
  outputs: { out: {} },
  effect: 'pure',
  role: 'start',
  all: ({ items }) => items,
  examples: [
    {
      name: 'An order comes in',
      params: { path: 'orders', reply: 'respond' },
      given: {},
      with: { event: [call] },
      gives: { out: [call] },
    },
    {
      name: 'Signed calls, each only once',
      params: {
        path: 'shop/:shop/events',
        auth: { kind: 'hmac', header: 'x-shop-signature', credential: 'shop' },
        body: 'raw',
        dedupeKey: '{{ $json.headers["x-event-id"] }}',
      },
      given: {},
      with: { event: [{ ...call, params: { shop: 'north' } }] },
      gives: { out: [{ ...call, params: { shop: 'north' } }] },
    },
    {
      name: 'A call without a body',
      params: { path: 'ping', methods: ['GET', 'HEAD'], response: { status: 204 } },
      given: {},
      with: { event: [{ ...call, method: 'GET', body: null }] },
      gives: { out: [{ ...call, method: 'GET', body: null }] },
    },
  ],
});
