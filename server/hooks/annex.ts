import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { About } from '../http/door.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const json = 'application/json';
const page = 'text/html';
const broken = ['body-broken', 'body-slow', 'header-twice'] as const;
const hooks: About = {
  path: '/hooks/{workspace}/{path}',
  summary: 'A webhook: one of the methods that its start node takes, on its path (which may have several parts)',
  answers: {
    200: ['*/*', 'What the workflow answers: its own status, headers and body, or the output of the run'],
    202: [json, '{runId} with Location: it goes on, or was to be answered at once'],
    204: [undefined, 'The run ended without an answer'],
  },
  refuses: [
    ...([
      'not-found',
      'method',
      'content-type',
      'too-large',
      'backlog',
      'loop',
      'key-failed',
      'unauthenticated',
      'run.failed',
    ] as const),
    ...(['json-invalid', 'json-too-much', 'file-handle', 'form-invalid', 'body-encoding'] as const),
    ...broken,
  ],
};
const forms: About = {
  path: '/forms/{workspace}/{path}',
  summary: 'A form: GET for its page, POST to send it',
  answers: {
    200: [page, 'The page, or what came of it'],
    202: [page, 'It is being worked on'],
    422: [page, 'Fix it'],
  },
  refuses: [
    'not-found',
    'method',
    'content-type',
    'too-large',
    'backlog',
    'loop',
    'key-failed',
    'form-invalid',
    'file-handle',
    ...broken,
  ],
};
const testHooks: About = {
  path: '/test-hooks/{token}/{path}',
  summary: 'A webhook of a draft while somebody listens to it in the editor: takes one call and starts nothing',
  answers: { 200: [json, '{test: true}'] },
  refuses: [
    ...(['not-found', 'method', 'content-type', 'too-large', 'unauthenticated'] as const),
    ...(['json-invalid', 'json-too-much', 'file-handle', 'form-invalid', 'body-encoding'] as const),
    ...broken,
  ],
};
const testForms: About = {
  path: '/test-forms/{token}/{path}',
  summary: 'A form of a draft while somebody tests it in the editor: is sent once and starts nothing',
  answers: { 200: [page, 'The page, or what came of it'], 202: [page, 'It is being worked on'], 422: [page, 'Fix it'] },
  refuses: ['not-found', 'method', 'content-type', 'too-large', 'form-invalid', 'file-handle', ...broken],
};
const links: About = {
  path: '/resume/{token}',
  summary: 'The link by which a waiting node is called: GET looks and changes nothing, POST goes on, once',
  answers: { 200: [json, '{waiting} or {runId}; a page for browsers'] },
  refuses: ['not-found', 'method', 'answered', 'link-over', 'too-large', 'content-type', 'file-handle', ...broken],
};

/** Serves one request on Node's own sockets, to its end. */
export type ServeRaw = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * What is open to the world: webhooks, live and in test, forms and links into waiting runs. They look at no cookie and no key, count their own calls and read their own bodies, so the
 * web server hands them the sockets as they are.
 */
export const openAnnex =
  (served: Readonly<Record<'hooks' | 'forms' | 'resume' | 'testHooks' | 'testForms', ServeRaw>>) =>
  (app: FastifyInstance) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const [url, serve, more] of [
      ['/hooks/*', served.hooks, { counted: false, about: hooks }],
      ['/forms/*', served.forms, { counted: false, about: forms }],
      ['/resume/*', served.resume, { about: links }],
      ['/test-hooks/*', served.testHooks, { about: testHooks }],
      ['/test-forms/*', served.testForms, { about: testForms }],
    ] as const)
      app.route({
        method: methods,
        url,
        config: { role: 'public', identify: false, ...more } as const,
        handler: (request, reply) => {
          reply.hijack();
          return serve(request.raw, reply.raw);
        },
      });
  };
