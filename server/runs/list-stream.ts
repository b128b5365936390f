import type { FastifyInstance } from 'fastify';
import { withWorkspaceSql } from '../db/connect.ts';
import type { About } from '../http/door.ts';
import type { House } from '../http/open-http.ts';
import { lastSeen, sendFacts } from '../http/sse.ts';
import type { FactSource } from '../http/sse.ts';
import { findRuns } from '../journal/journal.ts';
import { withFamilies } from '../journal/retries.ts';
import type { LiveLists } from './live-lists.ts';
import { rowViews } from './reads.ts';
import type { Reading } from './reads.ts';
import type { Run } from '../../flow/contract/run.ts';

/** What a reader of a list is told: runs as they are now, or that it had better read the list again. */
interface Change {
  readonly seq: number;
  readonly said: { readonly runs: readonly Run[] } | { readonly again: true };
}

/** More at once than this are no news but a flood: the list is read again. */
const shownMost = 100;

export interface ListStreaming extends Pick<Reading, 'database'> {
  readonly lists: LiveLists;
}

const about: About = {
  summary:
    'Runs as they begin, move on and end: {runs} as lists show them, or {again} when the list is to be read again',
  answers: { 200: ['text/event-stream', 'At most four events a second'] },
};

/**
 * `GET /api/v1/runs/live`: what changes in the list of runs, over server-sent events. A reader that comes back (`Last-Event-ID`) is told to read
 * the list again: what it missed is not kept. Who reads the list after the stream is open misses nothing.
 */
export const runListStream = (room: ListStreaming) => (app: FastifyInstance, house: House) => {
  const read = readOnce((workspace, ids) =>
    withWorkspaceSql(room.database, workspace, async (sql) =>
      rowViews(sql, await findRuns(sql, await withFamilies(sql, [...ids]))),
    ),
  );
  app.get('/api/v1/runs/live', { config: { role: 'viewer', about } }, (request, reply) =>
    sendFacts(request, reply, house, {
      role: 'viewer',
      open: ({ workspace }) => changes({ lists: room.lists, read }, workspace, lastSeen(request) > 0),
      show: ({ said }) => said,
    }),
  );
};

type ReadRuns = (workspace: string, ids: ReadonlySet<string>) => Promise<readonly Run[]>;

/**
 * Reads what is told to all who look at a workspace once for all of them: the same set of ids is one telling. A hundred streams would be four
 * hundred questions a second.
 */
export function readOnce(read: ReadRuns): ReadRuns {
  const known = new WeakMap<ReadonlySet<string>, Promise<readonly Run[]>>();
  return (workspace, ids) => {
    const reading = known.get(ids) ?? read(workspace, ids);
    known.set(ids, reading);
    return reading;
  };
}

interface Reader {
  readonly lists: LiveLists;
  readonly read: ReadRuns;
}

/** What changed since it was last asked; `isBack`: the reader may have missed something. Events are numbered by the clock. */
function changes({ lists, read }: Reader, workspace: string, isBack: boolean): FactSource<Change> {
  let told: ReadonlySet<string> = new Set();
  let again = isBack;
  const take = async (): Promise<Change['said'] | undefined> => {
    const ids = told;
    const isFlood = again || ids.size > shownMost;
    told = new Set();
    again = false;
    if (isFlood) return { again: true };
    const moved = ids.size === 0 ? [] : await read(workspace, ids);
    return moved.length === 0 ? undefined : { runs: moved };
  };
  return {
    replay: async (after) => {
      const said = await take();
      return said ? [{ seq: Math.max(after + 1, Date.now()), said }] : [];
    },
    subscribe: (more) =>
      lists.watch(workspace, (moved) => {
        again ||= moved === undefined;
        // A reader who is behind is told of no more than this: he reads the list again.
        if (moved && told.size <= shownMost) told = told.size === 0 ? moved : new Set([...told, ...moved]);
        more();
      }),
  };
}
