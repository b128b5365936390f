import { LRUCache } from 'lru-cache';
import type { Sql } from 'postgres';
import * as z from 'zod';
import { instanceKey } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { LinkCall } from '../../nodes/kit/powers.ts';
import { Buckets } from '../http/buckets.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { tooMany } from '../http/too-many.ts';
import { appendAs } from './act.ts';
import type { Actor } from '../engine/actor.ts';
import type { Engine } from '../engine/engine.ts';
import { tokenHash } from '../engine/links.ts';

const linkPlace = z.object({
  workspace: z.string(),
  run: z.string(),
  stage: z.string(),
  path: z.string(),
  node: z.string(),
  /** Of the run's last fact, and the bytes of all of them; those of old runs were not counted. */
  seq: z.number(),
  bytes: z.number().nullable(),
});
/** The node of a run that a token lets in to, and how far the run is. */
export type LinkPlace = z.infer<typeof linkPlace>;

/** Where a token leads: one look at two indexes, so that guesses cost next to nothing. 404 `not-found` for one that was never lent. */
export async function placeOfToken(sql: Sql, token: string): Promise<LinkPlace> {
  const [row] = await sql`
    select t.workspace_id as workspace, t.run, t.stage, t.path, t.node, r.seq, r.bytes::float8 as bytes
    from tokens t join runs r on r.id = t.run where t.hash = ${tokenHash(token)}`;
  if (!row) throw notFound('link');
  return linkPlace.parse(row);
}

/** Runs as those meet them who have a link of theirs. Whoever has one is not known: he may open it as often as he likes, and a run may be large. */
export interface LinkedRuns {
  /** Whether a call of the link would count now: throws 409 `answered` or 410 `link-over` when not. */
  mayBeCalled(place: LinkPlace): Promise<void>;
  /** The run, read when it is not in memory; 429 when it was read for its links too often. */
  find(place: LinkPlace): Promise<Actor>;
  /**
   * Lets the node go on with what the call brought (E13). Durable when it resolves; one call counts: 409 `answered` for a second, 410 `link-over`
   * when the time has passed, the node was not reached, or the run is over. A call before the node waits is kept for it.
   */
  call(place: LinkPlace, call: LinkCall): Promise<void>;
}

const MB = 1024 * 1024;
/** What is read of one run for its links, in bytes: 7 MB take two thirds of a second of processor time. */
const reading = { most: 64 * MB, perSecond: MB };
/** What one reading counts as: a small run is a row or two, and of a giant four readings must be there at once. */
const countsAs = (bytes: number | null) => Math.min(Math.max(bytes ?? MB, 64 * 1024), reading.most / 4);
const verdictsMost = 10_000;

/**
 * What a link says is worked out once for each fact of its run: whether the run has gone on since is seen by its row. A run that is in memory costs nothing
 * to look at; to read one is bounded for each run, by bytes.
 */
export function openLinkedRuns(
  engine: Pick<Engine, 'known' | 'actor' | 'options'>,
  { now }: { now?: () => number } = {},
): LinkedRuns {
  const reads = new Buckets({ ...reading, ...(now ? { now } : {}) });
  const verdicts = new LRUCache<string, { readonly seq: number; readonly verdict: Promise<Verdict> }>({
    max: verdictsMost,
  });

  const find = async ({ run, seq, bytes }: LinkPlace) => {
    const known = engine.known(run);
    const seconds = known && known.state.seq >= seq ? 0 : reads.take(run, countsAs(bytes));
    if (seconds > 0) throw tooMany(seconds);
    return engine.actor(run, seq);
  };

  const judgedAnew = (name: string, place: LinkPlace): Promise<Verdict> => {
    const forget = () => void (verdicts.peek(name)?.verdict === verdict && verdicts.delete(name));
    const verdict = find(place).then(({ state }) => {
      // What is ahead of the row may be on its way to the journal, and not come there.
      if (state.seq !== place.seq) forget();
      return verdictOf(state, place);
    });
    verdicts.set(name, { seq: place.seq, verdict });
    verdict.catch(forget);
    return verdict;
  };

  return {
    find,
    mayBeCalled: async (place) => {
      const name = `${place.run} ${instanceKey(place.stage, place.path)}`;
      const known = verdicts.get(name);
      refuse(await (known?.seq === place.seq ? known.verdict : judgedAnew(name, place)));
    },
    call: async (place, call) => {
      const { stage, path, node } = place;
      const data = { stage, path, node, value: call };
      const actor = await find(place);
      const fact = { type: 'token.answered', at: engine.options.clock(), data } as const;
      await appendAs(actor, [fact], (state) => refuse(verdictOf(state, place)));
    },
  };
}

type Verdict = 'open' | 'answered' | 'over';

function verdictOf(state: RunState, { stage, path }: Pick<LinkPlace, 'stage' | 'path'>): Verdict {
  const instance = state.instances.get(instanceKey(stage, path));
  if (instance?.called) return 'answered';
  const isTimedOut = [...(instance?.calls.values() ?? [])].some((call) => call.waiting && call.state === 'answered');
  return state.ended || state.failing || instance?.ending || isTimedOut ? 'over' : 'open';
}

function refuse(verdict: Verdict): void {
  if (verdict === 'answered') throw new Refusal(409, 'answered', 'This link has been used: it counts once.');
  if (verdict === 'over') throw new Refusal(410, 'link-over', 'Nothing waits for this link any more.');
}
