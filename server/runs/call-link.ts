import type { Sql } from 'postgres';
import * as z from 'zod';
import { instanceKey } from '../../flow/facts/state.ts';
import type { RunState } from '../../flow/facts/state.ts';
import type { LinkCall } from '../../nodes/kit/powers.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import { appendAs } from './act.ts';
import type { Engine } from '../engine/engine.ts';
import { tokenHash } from '../engine/links.ts';

const linkPlace = z.object({
  workspace: z.string(),
  run: z.string(),
  stage: z.string(),
  path: z.string(),
  node: z.string(),
});
/** The node of a run that a token lets in to. */
export type LinkPlace = z.infer<typeof linkPlace>;

/** Where a token leads: one look at an index, so that guesses cost next to nothing. 404 `not-found` for one that was never lent. */
export async function placeOfToken(sql: Sql, token: string): Promise<LinkPlace> {
  const [row] = await sql`
    select workspace_id as workspace, run, stage, path, node from tokens where hash = ${tokenHash(token)}`;
  if (!row) throw notFound('link');
  return linkPlace.parse(row);
}

/** Whether a call of the link would count now: throws 409 `answered` or 410 `link-over` when not. */
export async function mayBeCalled(engine: Engine, place: LinkPlace): Promise<void> {
  const { state } = await engine.actor(place.run, Infinity);
  judge(state, place);
}

/**
 * Lets the node go on with what the call brought (E13). Durable when it resolves; one call counts: 409 `answered` for a second, 410 `link-over`
 * when the time has passed, the node was not reached, or the run is over. A call before the node waits is kept for it.
 */
export async function callLink(engine: Engine, place: LinkPlace, call: LinkCall): Promise<void> {
  const actor = await engine.actor(place.run, Infinity);
  const { stage, path, node } = place;
  const data = { stage, path, node, value: call };
  await appendAs(actor, [{ type: 'token.answered', at: engine.options.clock(), data }], (state) => judge(state, place));
}

function judge(state: RunState, { stage, path }: LinkPlace): void {
  const instance = state.instances.get(instanceKey(stage, path));
  if (instance?.called) throw new Refusal(409, 'answered', 'This link has been used: it counts once.');
  const isTimedOut = [...(instance?.calls.values() ?? [])].some((call) => call.waiting && call.state === 'answered');
  if (state.ended || state.failing || instance?.ending || isTimedOut)
    throw new Refusal(410, 'link-over', 'Nothing waits for this link any more.');
}
