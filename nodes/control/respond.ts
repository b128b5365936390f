import * as z from 'zod';
import { defineNode } from '../kit/define-node.ts';
import { choice, jsonWhile, keyValues, list, text, whole } from '../kit/fields.ts';
import { replyFor } from './respond-reply.ts';
import { option, shown } from '../kit/unfolding.ts';

const json = { 'content-type': 'application/json; charset=utf-8' };

export const respond = defineNode({
  type: 'control.respond',
  version: 1,
  title: 'Respond',
  icon: 'reply',
  summary: 'Sends the response to the caller who waits for this run; the run continues after it.',
  line: '{{ status ?? "" }}',
  params: z.object({
    with: choice(['first', 'all', 'text', 'json', 'file', 'redirect', 'none'], {
      title: 'Respond with',
      labels: {
        first: 'The first item',
        all: 'All items',
        text: 'Text',
        json: 'JSON',
        file: 'A file',
        redirect: 'A redirect',
        none: 'Nothing',
      },
    }).default('first'),
    value: shown(
      { with: ['text', 'json', 'file', 'redirect'] },
      jsonWhile(
        { with: 'json' },
        z.unknown().optional().meta({
          title: 'Value',
          description: 'The text, the JSON, the file or the URL.',
          ui: 'value',
        }),
      ),
    ),
    hosts: shown(
      { with: 'redirect' },
      option(
        list(text({ title: 'Host', placeholder: 'shop.example.com' }), {
          title: 'Hosts to redirect to',
          description:
            'Needed when an expression decides the host. A port is written with it; * stands for any host, so that whoever writes the link decides where people land.',
          addLabel: 'Add a host',
        }),
      ),
    ).optional(),
    status: option(
      whole({
        title: 'Status',
        description: 'Default: 200; 302 for a redirect; 204 for nothing.',
        min: 200,
        max: 599,
      }),
    ).optional(),
    headers: option(keyValues({ title: 'Headers' })).optional(),
  }),
  inputs: { in: {} },
  outputs: { out: {} },
  effect: 'pure',
  role: 'respond',
  literal: ['hosts'],
  all: ({ items, params, reply, engine, budget, log }) => {
    for (const [name, value] of Object.entries(params.headers ?? {})) {
      if (typeof value === 'string') budget?.about(value.length);
      if (typeof value === 'string' && /[^\0-\u00FF]/.test(value))
        log.warn(`The header ${name} has letters that no header can carry; they are sent encoded.`);
    }
    reply(replyFor(params, items, { engine, budget }));
    return items;
  },
  examples: [
    {
      name: 'The first item as JSON',
      params: { with: 'first', status: 200 },
      given: { in: [{ id: 1 }, { id: 2 }] },
      gives: { reply: { status: 200, headers: json, body: { id: 1 }, as: 'json' } },
    },
    {
      name: 'A page',
      params: {
        with: 'text',
        value: '<h1>Hej {{ $json.name }}</h1>',
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
      },
      given: { in: [{ name: 'Åsa' }] },
      gives: {
        reply: {
          status: 200,
          headers: { 'content-type': 'text/html; charset=utf-8' },
          body: '<h1>Hej Åsa</h1>',
          as: 'text',
        },
      },
    },
    {
      name: 'Off to another address',
      params: { with: 'redirect', value: 'https://example.com/tack?id={{ $json.id }}' },
      given: { in: [{ id: 7 }] },
      gives: { reply: { status: 302, headers: { location: 'https://example.com/tack?id=7' }, body: null, as: 'none' } },
    },
    {
      name: 'A null item is answered as it is',
      params: { with: 'all' },
      given: { in: [null] },
      gives: { reply: { status: 200, headers: json, body: [null], as: 'json' } },
    },
    {
      name: 'A header with a line break in it is refused',
      params: { with: 'none', headers: { 'x-name': '{{ $json.name }}' } },
      given: { in: [{ name: 'a\r\nset-cookie: admin=1' }] },
      gives: { fault: 'params.invalid' },
    },
  ],
});
