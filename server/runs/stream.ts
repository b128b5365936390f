import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { admitStill, unauthenticated } from '../http/refusal.ts';
import { isMember } from '../http/caller.ts';
import { identifiable } from '../http/door.ts';
import type { About } from '../http/door.ts';
import type { House } from '../http/open-http.ts';
import { sendFacts } from '../http/sse.ts';
import type { FactSource } from '../http/sse.ts';
import type { Live } from '../engine/live.ts';
import type { Listing } from './list-runs.ts';
import { existing, unlessQueued } from './read-routes.ts';
import { eventsOf } from './reads.ts';
import type { Reading } from './reads.ts';
import { nextFacts } from './run-facts.ts';

const over = new Set(['run.finished', 'run.failed', 'run.cancelled']);
const Params = z.object({ id: z.string().max(100) });
const Query = z.looseObject({ as: z.enum(['wire']).optional() });

const about: About = {
  summary: 'The facts of a run as they come; Last-Event-ID or ?after= goes on where a reader was',
  answers: { 200: ['text/event-stream', 'An event a fact, its seq as id; `end` after the last'] },
  refuses: ['invalid', 'not-found'],
};

/** A notice from another process may be lost: a stream looks by itself so often. */
const lookMs = 2_000;

/** What the stream needs beside reading. */
export interface Streaming extends Listing {
  readonly live: Live;
  readonly log: { error(fields: object, sentence: string): void };
}

/** What a reader hears: facts as the contract shows them or, for who folds them, as they go over the wire; `seq` is what to go on after. */
interface Heard {
  readonly seq: number;
  readonly type: string;
  readonly says: unknown;
}

type Next = (reading: Reading, workspace: string, id: string, after: number) => Promise<Heard[]>;

const shownFacts: Next = async (reading, workspace, id, after) =>
  (await eventsOf(reading, workspace, id, { after })).map((fact) => ({ seq: fact.seq, type: fact.type, says: fact }));
const wireFacts: Next = async (reading, workspace, id, after) =>
  (await nextFacts(reading, workspace, id, after)).map((fact) => ({ seq: fact[0], type: fact[2], says: fact }));

/**
 * `GET /api/v1/runs/:id/live`: the facts of a run as they come, over server-sent events; `Last-Event-ID` or `?after=` goes on where one was. With
 * `?as=wire` they come as a stretch of facts has them, to be folded.
 */
export const runStream = (runs: Streaming) => (app: FastifyInstance, house: House) => {
  app.get('/api/v1/runs/:id/live', { config: { role: 'viewer', about } }, async (request, reply) => {
    const { caller } = request;
    if (!isMember(caller)) throw unauthenticated();
    const { workspace } = caller;
    const { id } = Params.parse(request.params);
    const { as } = Query.parse(request.query);
    const next = as === 'wire' ? wireFacts : shownFacts;
    await existing(runs, workspace, id);
    const source: FactSource<Heard> = {
      replay: (after) =>
        unlessQueued(
          runs,
          workspace,
          id,
          () => next(runs, workspace, id, after),
          () => [],
        ),
      subscribe: (more) => {
        const timer = setInterval(more, lookMs);
        const stop = runs.live.watch(id, () => more());
        return () => {
          clearInterval(timer);
          stop();
        };
      },
      isLast: ({ type }) => over.has(type),
    };
    await sendFacts(request, reply, source, {
      show: ({ says }) => says,
      check: async () => admitStill(await house.identify(identifiable(request)), caller, 'viewer'),
      signal: house.closing,
      log: runs.log,
    });
  });
};
