import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fastifyRequestHandler } from '@trpc/server/adapters/fastify';
import type { AnyTRPCRouter } from '@trpc/server';
import { bodyMost, senderOf } from './body-most.ts';
import { identifiable } from './door.ts';
import type { Identify } from './door.ts';
import { cleanJson } from './body/json-body.ts';
import { withBody } from './body/read-body.ts';
import { atOnceMost } from '../text/turns.ts';
import { faultNumber } from './fault-number.ts';
import { refusalOf } from './answer-error.ts';
import type { Context } from './procedure.ts';
import { Refusal } from './refusal.ts';
import type { Streams } from './streams.ts';

export interface TrpcOptions {
  readonly router: AnyTRPCRouter;
  readonly identify: Identify;
  readonly log: { error(fields: object, sentence: string): void };
  readonly streams: Pick<Streams, 'enter'>;
}

/** Accounts alone are asked this way, and tRPC parses once more by itself: what is parsed in one go is plenty. */
const mostBytes = atOnceMost;
const mostCalls = 30;

/**
 * Mounts the app's router under /trpc. Who may call is each procedure's own; the door in front only keeps out other sites. Bodies pass the same
 * caps as everywhere; tRPC then parses the cleaned text by itself.
 */
export async function mountTrpc(app: FastifyInstance, options: TrpcOptions): Promise<void> {
  const { router, identify, log, streams } = options;
  await app.register(async (inner) => {
    inner.removeContentTypeParser('application/json');
    inner.addContentTypeParser('application/json', async (request: FastifyRequest) =>
      withBody(request.raw, bodyMost(request), (body) => (body.length === 0 ? '{}' : cleanJson(body)), {
        sender: senderOf(request),
      }),
    );
    inner.route<{ Params: { path: string } }>({
      method: ['GET', 'POST'],
      url: '/trpc/:path',
      config: { role: 'public' },
      bodyLimit: mostBytes,
      handler: async (req, res) => {
        checkQuery(req);
        const number = faultNumber();
        const createContext = (): Context => ({
          caller: req.caller,
          identifyAgain: () => identify(identifiable(req)),
          openStream: (caller) => void streams.enter(caller, res.raw),
          number,
        });
        await fastifyRequestHandler({
          router,
          req,
          res,
          path: req.params.path,
          createContext,
          maxBatchSize: mostCalls,
          onError: ({ error, path }) => {
            if (error.code === 'INTERNAL_SERVER_ERROR' && !refusalOf(error.cause))
              log.error({ err: error.cause ?? error, number, procedure: path }, 'our fault');
          },
        });
      },
    });
  });
}

/**
 * Queries carry their input in the address, where tRPC reads it by itself: within our caps, and nothing in it that a body would have mended. It is
 * read here as it is there.
 */
function checkQuery({ url }: FastifyRequest): void {
  for (const input of new URL(url, 'http://here').searchParams.getAll('input'))
    if (cleanJson(input) !== input)
      throw new Refusal(400, 'json-inexact', 'The input has a number or character that cannot be kept.');
}
