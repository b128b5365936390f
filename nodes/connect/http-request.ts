import * as z from 'zod';
import { durationMs } from '../../flow/document/duration.ts';
import { defineNode } from '../kit/define-node.ts';
import { encoding } from '../kit/encodings.ts';
import { choice, credential, json, keyValues, longText, text, timeLimit, toggle, whole } from '../kit/fields.ts';
import { answerOf, becomesOf } from './http-answer.ts';
import { statusFault } from './reply-fault.ts';
import { bodyOf } from './request-body.ts';
import { addressOf, headersOf } from './request-head.ts';
import { either, option } from '../kit/unfolding.ts';
import { verdictOf } from './check-reply.ts';

const params = z.object({
  method: choice(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'], { title: 'Method' }).default('GET'),
  url: text({ title: 'URL', placeholder: 'https://api.example.com/orders/{{ $json.id }}' }),
  query: keyValues({
    title: 'Query parameters',
    description: 'A list repeats its name; empty values are not sent.',
  }).optional(),
  headers: keyValues({ title: 'Headers' }).optional(),
  json: either('Body', json({ title: 'JSON body', placeholder: '{{ { id: $json.id } }}' })).optional(),
  form: either('Body', keyValues({ title: 'Form body' })).optional(),
  multipart: either('Body', keyValues({ title: 'Multipart body', description: 'Text and files.' })).optional(),
  text: either('Body', longText({ title: 'Text body' })).optional(),
  file: either(
    'Body',
    z.unknown().optional().meta({ title: 'File body', ui: 'value', placeholder: '{{ $json.file }}' }),
  ),
  credential: credential({ title: 'Connection' }).optional(),
  as: option(
    choice(['json', 'text', 'file', 'full'], {
      title: 'Response format',
      description: 'Default: JSON if the response is JSON, text if it is text, otherwise a file.',
      labels: { json: 'JSON', text: 'Text', file: 'File', full: 'Status, headers and body' },
    }),
  ).optional(),
  encoding: option(
    encoding({
      title: 'Response encoding',
      description: 'Auto: what the response says, otherwise UTF-8, otherwise detected.',
    }),
  ),
  idempotent: option(
    toggle({
      title: 'The service supports Idempotency-Key',
      description: 'The header is the same on every attempt. With support, even a POST is safe to repeat.',
    }),
  ).default(false),
  anyStatus: option(
    toggle({
      title: 'Accept any status',
      description: 'Off: status 400 and above fails.',
    }),
  ).default(false),
  checkUrl: option(
    text({
      title: 'Check URL',
      placeholder: 'https://api.example.com/orders/{{ $json.id }}',
      description:
        'Asked by GET when no response came and “If the result is unknown” is set to check. 2xx: done, and the response is passed on. 404 or 410: not done, sent again.',
    }),
  ).optional(),
  checkField: option(
    text({
      title: 'Check field',
      placeholder: 'data.0',
      description:
        'The field of the response that has a value only if it was done, for services that answer 200 with an empty list.',
    }),
  ).optional(),
  redirects: option(whole({ title: 'Maximum redirects', min: 0, max: 20 })).default(5),
  otherHosts: option(
    toggle({
      title: 'Follow redirects to other hosts',
      description: 'For GET and HEAD: to other public hosts, without credentials and cookies.',
    }),
  ).default(true),
  timeout: option(timeLimit({ title: 'Timeout' })).optional(),
});

export const httpRequest = defineNode({
  type: 'connect.http-request',
  version: 2,
  title: 'HTTP request',
  icon: 'globe',
  summary: 'Sends one request for each item and passes on the response; a JSON list becomes one item per entry.',
  line: '{{ method ?? "GET" }} {{ url }}',
  params,
  literal: ['idempotent', 'otherHosts'],
  inputs: { in: {} },
  outputs: { reply: {} },
  needs: ['http', 'file'],
  idle: { file: { as: ['json', 'text'], file: [null], multipart: [null] } },
  effect: { by: 'method', POST: 'effect', PATCH: 'effect', else: 'idempotent', unless: 'idempotent' },
  leads: 'otherHosts',
  asTool: true,
  // The powers are read from the call only where they are used: most requests touch no file.
  each: async (call) => {
    const { params, now } = call;
    const boundary = `heddle-${call.idempotencyKey.slice(0, 40)}`;
    const body = await bodyOf(params, { file: () => call.file, boundary, call });
    const timeoutMs = params.timeout === undefined ? undefined : durationMs(params.timeout);
    const reply = await call.http.send({
      method: params.method,
      url: addressOf(params),
      headers: headersOf(params, body?.type, call.idempotencyKey),
      followRedirects: params.redirects,
      becomes: becomesOf(params.as),
      becomesAtAnyStatus: params.anyStatus,
      ...(params.otherHosts ? { mayLeaveHost: true } : {}),
      ...(body === undefined ? {} : { body: body.bytes }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(params.credential === undefined ? {} : { credential: params.credential }),
    });
    if (reply.status >= 400 && !params.anyStatus) throw await statusFault(params, reply, now);
    return answerOf(reply, {
      as: params.as,
      encoding: params.encoding,
      file: () => call.file,
      warn: (sentence) => call.log.warn(sentence),
      compute: call.compute,
    });
  },
  reconcile: async (call) => {
    const { params } = call;
    if (params.checkUrl === undefined || params.checkUrl.trim() === '')
      return { did: 'unknown', why: 'No check URL is set, so that the service cannot be asked.' };
    // A redirect tells nothing: it may lead to a page that asks for a login.
    const reply = await call.http.send({
      method: 'GET',
      url: addressOf({ url: params.checkUrl, param: 'checkUrl' }),
      headers: headersOf({ ...params, method: 'GET' }, undefined, call.idempotencyKey),
      followRedirects: 0,
      ...(params.credential === undefined ? {} : { credential: params.credential }),
    });
    const { compute } = call;
    const gives = () =>
      answerOf(reply, {
        as: params.as,
        encoding: params.encoding,
        file: () => call.file,
        warn: (sentence) => call.log.warn(sentence),
        compute,
      });
    return verdictOf(params.checkField, reply, { gives, compute });
  },
  examples: [
    {
      name: 'Reads one thing',
      params: { url: 'https://api.example.com/users/{{ $json.id }}' },
      given: { in: [{ id: 7 }] },
      with: {
        http: [
          { when: { method: 'GET', url: 'https://api.example.com/users/7' }, reply: { json: { id: 7, name: 'Åsa' } } },
        ],
      },
      gives: { reply: [{ id: 7, name: 'Åsa' }] },
    },
    {
      name: 'Posts an order; the key is the same on every attempt',
      params: {
        method: 'POST',
        url: 'https://api.example.com/orders',
        json: { sku: '{{ $json.sku }}' },
        idempotent: true,
      },
      given: { in: [{ sku: 'A1' }] },
      with: {
        http: [
          {
            when: {
              method: 'POST',
              body: '{"sku":"A1"}',
              headers: { 'content-type': 'application/json', 'idempotency-key': 'wf_example_0' },
            },
            reply: { status: 201, json: { order: 1 } },
          },
        ],
      },
      gives: { reply: [{ order: 1 }] },
    },
    {
      // A space is %20 and å two bytes; the missing page is left out; a list repeats its name.
      name: 'A query with a list, a missing value and letters that need escaping',
      params: {
        url: 'https://api.example.com/find?lang=sv#top',
        query: { q: '{{ $json.q }}', tag: ['a', 'b'], page: '{{ $json.page }}' },
      },
      given: { in: [{ q: 'å b' }] },
      with: {
        http: [
          {
            when: { url: 'https://api.example.com/find?lang=sv&q=%C3%A5%20b&tag=a&tag=b' },
            reply: { json: [{ hit: 1 }, { hit: 2 }] },
          },
        ],
      },
      gives: { reply: [{ hit: 1 }, { hit: 2 }] },
    },
    {
      name: 'An answer that is not JSON is text',
      params: { url: 'https://example.com/ping' },
      given: { in: [null] },
      with: { http: [{ reply: { text: 'pong 🏓' } }] },
      gives: { reply: ['pong 🏓'] },
    },
    {
      name: 'The whole answer, whatever its status',
      params: { url: 'https://example.com/x', as: 'full', anyStatus: true },
      given: { in: [{}] },
      with: { http: [{ reply: { status: 404, json: { error: 'gone' }, headers: { 'x-id': '5' } } }] },
      gives: {
        reply: [
          {
            status: 404,
            headers: { 'content-type': 'application/json', 'x-id': '5' },
            body: { error: 'gone' },
            url: 'https://example.com/x',
          },
        ],
      },
    },
    {
      name: 'An error status is a fault',
      params: { method: 'DELETE', url: 'https://example.com/x' },
      given: { in: [{}] },
      with: { http: [{ reply: { status: 500, text: 'oh no' } }] },
      gives: { fault: 'http.status' },
    },
    {
      name: 'JSON was wanted and something else came',
      params: { url: 'https://example.com/x', as: 'json' },
      given: { in: [{}] },
      with: { http: [{ reply: { text: '<html>' } }] },
      gives: { fault: 'http.bad-json' },
    },
  ],
});
