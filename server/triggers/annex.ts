import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Serves one request on Node's own sockets, to its end. */
export type ServeRaw = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * What is open to the world: webhooks and forms. They look at no cookie and no key, count their own calls and read their own bodies, so the
 * web server hands them the sockets as they are.
 */
export const openAnnex = (served: { readonly hooks: ServeRaw; readonly forms: ServeRaw }) => (app: FastifyInstance) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  const config = { role: 'public', identify: false, counted: false } as const;
  for (const [url, serve] of [
    ['/hooks/*', served.hooks],
    ['/forms/*', served.forms],
  ] as const)
    app.route({
      method: methods,
      url,
      config,
      handler: (request, reply) => {
        reply.hijack();
        return serve(request.raw, reply.raw);
      },
    });
};
