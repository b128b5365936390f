import * as z from 'zod';
import { longestKeyTemplate } from '../../flow/document/workflow.ts';
import { defineNode } from '../kit/define-node.ts';
import { choice, credential, duration, keyValues, list, longText, text, whole } from '../kit/fields.ts';
import { asTemplate, option, shown } from '../kit/unfolding.ts';
import { signedParts } from './signed-text.ts';

const secret = {
  credential: credential({ title: 'Connection', description: 'Holds the secret.' }).optional(),
};

/** What other senders’ signatures are described by. */
const own = { scheme: ['plain', 'custom'] };

const auth = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }).meta({ title: 'None, anyone with the URL' }),
    z.object({ kind: z.literal('basic'), ...secret }).meta({ title: 'Basic: user and password' }),
    z
      .object({ kind: z.literal('header'), name: text({ title: 'Header' }).default('authorization'), ...secret })
      .meta({ title: 'Header' }),
    z
      .object({
        kind: z.literal('hmac'),
        scheme: choice(['plain', 'stripe', 'slack', 'github', 'shopify', 'standard', 'custom'], {
          title: 'Signed by',
          description: 'A sender with its own scheme needs only the secret.',
          labels: {
            plain: 'Any sender: the body, or time.body',
            stripe: 'Stripe',
            slack: 'Slack',
            github: 'GitHub',
            shopify: 'Shopify',
            standard: 'Standard Webhooks (Svix)',
            custom: 'Custom',
          },
        }).default('plain'),
        header: shown(own, text({ title: 'Signature header' })).default('x-signature'),
        algorithm: shown(own, choice(['sha256', 'sha1', 'sha512'], { title: 'Algorithm' })).default('sha256'),
        signed: shown(
          { scheme: 'custom' },
          text({
            title: 'Signed text',
            description: '{body} is the body as it came, {time} the time, {header:x-name} another header.',
            placeholder: '{time}.{body}',
          }).refine((template) => signedParts(template) !== undefined, {
            error: 'Name {body} once, and at most ten parts in 1,000 letters.',
          }),
        ).optional(),
        signatureField: shown(
          { scheme: 'custom' },
          text({
            title: 'Name of the signature',
            description: 'If the header is a list such as t=1700000000,v1=5257a8.',
            placeholder: 'v1',
          }),
        ).optional(),
        timeField: shown(
          { scheme: 'custom' },
          text({ title: 'Name of the time', description: 'In the same list.', placeholder: 't' }),
        ).optional(),
        encoding: option(shown(own, choice(['hex', 'base64', 'base64url'], { title: 'Encoding' }))).default('hex'),
        prefix: option(shown(own, longText({ title: 'Prefix', placeholder: 'sha256=' }))).default(''),
        timestampHeader: option(
          shown(
            own,
            text({ title: 'Timestamp header', description: 'If set, time.body is signed, and old calls are refused.' }),
          ),
        ).optional(),
        tolerance: option(
          duration({ title: 'Maximum age', description: 'Default: 5 minutes.', placeholder: '5m' }),
        ).optional(),
        ...secret,
      })
      .meta({ title: 'HMAC signature' }),
    z
      .object({
        kind: z.literal('jwt'),
        algorithm: choice(['HS256', 'RS256', 'ES256', 'EdDSA'], { title: 'Algorithm' }).default('HS256'),
        issuer: option(text({ title: 'Issuer' })).optional(),
        audience: option(text({ title: 'Audience' })).optional(),
        ...secret,
      })
      .meta({ title: 'JWT' }),
  ])
  .default({ kind: 'none' })
  .meta({ title: 'Authentication', ui: 'auth' });

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
  summary: 'Starts when its URL is called, and can respond to the caller.',
  // A path that is wrong still is shown as it was typed.
  line: '{{ (methods ?? ["POST"]).join(" ") }} {{ path.startsWith("/") ? path : "/" + path }}',
  params: z.object({
    path: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9\-._~:]+(\/[A-Za-z0-9\-._~:]+)*$/, 'Enter a path such as orders or orders/:id.')
      .meta({
        title: 'Path',
        description: 'The end of its address. :name reads a part of it.',
        ui: 'text',
        placeholder: 'orders/:id',
        says: 'Use letters, digits, - . _ ~ and :, with single slashes between.',
      }),
    methods: list(z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']), { title: 'Methods' })
      .min(1)
      .default(['POST']),
    auth,
    body: option(
      choice(['parsed', 'raw'], {
        title: 'Body',
        description: 'Raw keeps the text as it came. A picture or an archive is a file either way.',
        labels: { parsed: 'Parsed by its content type', raw: 'Raw text' },
      }),
    ).default('parsed'),
    reply: choice(['now', 'last', 'respond', 'stream'], {
      title: 'Respond',
      labels: {
        now: 'Immediately',
        last: 'When the last node finishes',
        respond: 'Using a Respond node',
        stream: 'Streaming',
      },
    }).default('now'),
    response: shown(
      { reply: 'now' },
      z
        .object({
          status: whole({ title: 'Status', min: 200, max: 599 }).default(202),
          headers: keyValues({ title: 'Headers' }).optional(),
          body: z.unknown().optional().meta({ title: 'Body', description: 'Default: {"runId": …}.', ui: 'json' }),
        })
        .optional()
        .meta({ title: 'Immediate response', option: true }),
    ),
    dedupeKey: option(
      asTemplate(
        longText({
          title: 'Deduplicate by',
          description: 'Calls with the same value within 24 hours start one run.',
          placeholder: '{{ $json.body.id }}',
        }).max(longestKeyTemplate),
      ),
    ).optional(),
    allowedOrigins: option(
      list(text({ title: 'Origin' }), {
        title: 'Allowed origins (CORS)',
        description: 'Sites that may call it from a browser; * allows all.',
        addLabel: 'Add an origin',
      }),
    ).default([]),
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
      // Only the secret is asked for: Stripe signs time.body and sends both in one header.
      name: 'Events of Stripe',
      params: {
        path: 'stripe',
        auth: { kind: 'hmac', scheme: 'stripe', credential: 'stripe' },
        dedupeKey: '{{ $json.body.id }}',
      },
      given: {},
      with: { event: [{ ...call, body: { id: 'evt_1', type: 'invoice.paid' } }] },
      gives: { out: [{ ...call, body: { id: 'evt_1', type: 'invoice.paid' } }] },
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
