import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Serves one request on Node's own sockets, to its end. */
export type ServeRaw = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * What is open to the world: webhooks, forms and links into waiting runs. They look at no cookie and no key, count their own calls and read their own bodies, so the
 * web server hands them the sockets as they are.
 */
export const openAnnex =
  (served: Readonly<Record<'hooks' | 'forms' | 'resume', ServeRaw>>) => (app: FastifyInstance) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const [url, serve, counted] of [
      ['/hooks/*', served.hooks, { counted: false }],
      ['/forms/*', served.forms, { counted: false }],
      ['/resume/*', served.resume, {}],
    ] as const)
      app.route({
        method: methods,
        url,
        config: { role: 'public', identify: false, ...counted } as const,
        handler: (request, reply) => {
          reply.hijack();
          return serve(request.raw, reply.raw);
        },
      });
  };
