import type { Lane } from '../../flow/document/workflow.ts';
import type { WakeUp } from './lanes.ts';

/** A ready stage of somebody. */
export interface Ready {
  readonly run: string;
  readonly stage: string;
  readonly path: string;
  readonly workspace: string;
}

export interface Sharing {
  /** Jobs of each lane at once. */
  readonly concurrency: number;
  /** Carries a stage out; resolves when it is no longer held here. */
  readonly take: (place: WakeUp) => Promise<unknown>;
  /** Ready stages of a lane, one for each of some workspaces but these, the oldest of each. */
  readonly findOthers: (lane: Lane, except: readonly string[]) => Promise<readonly Ready[]>;
  /** Puts a wake-up back at the end of its lane. */
  readonly wakeAgain: (lane: Lane, wake: WakeUp) => Promise<void>;
  readonly clock: () => number;
}

/** Nobody else waited a moment ago: with one busy workspace the question costs ten looks a second and lane. */
const askedMs = 100;

/**
 * The queue is first come, first served (SAFETY G21): a hundred thousand wake-ups of one workspace would be before the one of another. So a
 * workspace that holds half of a lane here gives its turn to one that holds less and waits, and goes to the end; when nobody else waits it may
 * have the whole lane. A wake-up is never lost by that: it is put back before the other's stage is taken.
 */
export function fairShare(sharing: Sharing): (lane: Lane, wake: WakeUp) => Promise<void> {
  const { concurrency, take, findOthers, wakeAgain, clock } = sharing;
  const share = Math.floor(concurrency / 2);
  const lanes = new Map<Lane, { readonly held: Map<string, number>; aloneUntil: number }>();
  const stateOf = (lane: Lane) => {
    const state = lanes.get(lane) ?? { held: new Map<string, number>(), aloneUntil: 0 };
    lanes.set(lane, state);
    return state;
  };
  const carry = async (held: Map<string, number>, workspace: string, place: WakeUp) => {
    held.set(workspace, (held.get(workspace) ?? 0) + 1);
    try {
      await take(place);
    } finally {
      const left = (held.get(workspace) ?? 1) - 1;
      if (left > 0) held.set(workspace, left);
      else held.delete(workspace);
    }
  };
  return async (lane, wake) => {
    const state = stateOf(lane);
    const { held } = state;
    const { workspace } = wake;
    if (workspace === undefined) return void (await take(wake));
    if ((held.get(workspace) ?? 0) < share || clock() < state.aloneUntil) return carry(held, workspace, wake);
    const full = [...held].filter(([, count]) => count >= share).map(([name]) => name);
    const others = await findOthers(lane, [...new Set([workspace, ...full])]);
    const [next] = others.toSorted((a, b) => (held.get(a.workspace) ?? 0) - (held.get(b.workspace) ?? 0));
    if (!next) {
      state.aloneUntil = clock() + askedMs;
      return carry(held, workspace, wake);
    }
    await wakeAgain(lane, wake);
    return carry(held, next.workspace, next);
  };
}
