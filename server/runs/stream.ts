import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import type { About } from '../http/door.ts';
import type { House } from '../http/open-http.ts';
import { sendFacts } from '../http/sse.ts';
import type { FactSource } from '../http/sse.ts';
import type { Live } from '../engine/live.ts';
import type { Listing } from './list-runs.ts';
import { existing, unlessQueued } from './read-routes.ts';
import { eventsOf } from './reads.ts';
import type { Reading } from './reads.ts';
import { nextFacts, nextOf } from './run-facts.ts';

const over = new Set(['run.finished', 'run.failed', 'run.cancelled']);
const Params = z.object({ id: z.string().max(100) });
const Query = z.looseObject({ as: z.enum(['wire']).optional() });

const about: About = {
  summary: 'The facts of a run as they come; Last-Event-ID or ?after= goes on where a reader was',
  answers: { 200: ['text/event-stream', 'An event a fact, its seq as id; `end` after the last'] },
  refuses: ['invalid', 'not-found'],
};

/** A notice from another process may be lost: a stream looks by itself so often, and all of a process a hundred times a second at most. */
export const lookEveryMs = (open: number): number => Math.max(2_000, open * 10);

/** What the stream needs beside reading. */
export interface Streaming extends Listing {
  readonly live: Live;
}

/** What a reader hears: facts as the contract shows them or, for who folds them, as they go over the wire; `seq` is what to go on after. */
interface Heard {
  readonly seq: number;
  readonly type: string;
  readonly says: unknown;
}

type Next = (reading: Reading, workspace: string, id: string, after: number) => Promise<Heard[]>;

const shownFacts: Next = async (reading, workspace, id, after) =>
  (await eventsOf(reading, workspace, id, { after, mostOf: nextOf })).facts.map((fact) => ({
    seq: fact.seq,
    type: fact.type,
    says: fact,
  }));
const wireFacts: Next = async (reading, workspace, id, after) =>
  (await nextFacts(reading, workspace, id, after)).map((fact) => ({ seq: fact[0], type: fact[2], says: fact }));

/**
 * `GET /api/v1/runs/:id/live`: the facts of a run as they come, over server-sent events; `Last-Event-ID` or `?after=` goes on where one was. With
 * `?as=wire` they come as a stretch of facts has them, to be folded.
 */
export const runStream = (runs: Streaming) => (app: FastifyInstance, house: House) => {
  app.get('/api/v1/runs/:id/live', { config: { role: 'viewer', about } }, (request, reply) =>
    sendFacts(request, reply, house, {
      role: 'viewer',
      open: async ({ workspace }) => {
        const { id } = Params.parse(request.params);
        const { as } = Query.parse(request.query);
        await existing(runs, workspace, id);
        const next = as === 'wire' ? wireFacts : shownFacts;
        const facts = (after: number) => next(runs, workspace, id, after);
        return {
          replay: (after) =>
            unlessQueued(
              runs,
              workspace,
              id,
              () => facts(after),
              () => [],
            ),
          subscribe: (more) => watch(runs.live, id, more, () => lookEveryMs(house.streams.open)),
          isLast: ({ type }) => over.has(type),
        } satisfies FactSource<Heard>;
      },
      show: ({ says }) => says,
    }),
  );
};

function watch(live: Live, id: string, more: () => void, everyMs: () => number): () => void {
  let timer: NodeJS.Timeout;
  const later = () => {
    timer = setTimeout(() => {
      more();
      later();
    }, everyMs());
  };
  later();
  const stop = live.watch(id, () => more());
  return () => {
    clearTimeout(timer);
    stop();
  };
}
