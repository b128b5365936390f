import type { Desk } from './desk.ts';
import type { Draft } from './draft.ts';

/** Whoever goes to and fro between windows asks no more often than this. */
const leastMs = 2_000;
/** While somebody looks it is asked so often: another person may work on it, or another window beside this one. */
const everyMs = 5_000;

/**
 * Asks how the workflow stands when somebody comes back to this tab or on line, and every few seconds while they look: another one may have
 * published, turned off or changed it. Gives the way to stop.
 */
export function keepFresh(desk: Desk): () => void {
  let asked = performance.now();
  const isSeen = () => document.visibilityState === 'visible';
  const look = () => {
    if (isSeen() && performance.now() - asked >= leastMs) void ask(refresh);
  };
  const ask = (how: (desk: Desk) => Promise<void>) => {
    asked = performance.now();
    // Without an answer it stands as it was known last; saving tells when the server is away.
    return how(desk).catch(() => undefined);
  };
  const online = () => void ask(refresh);
  let stopWaiting: () => void;
  const wait = () => {
    stopWaiting = desk.later(() => {
      if (isSeen()) void ask(glance).then(wait);
      else wait();
    }, everyMs);
  };
  wait();
  addEventListener('focus', look);
  // What was asked for as the line broke may have been done: publishing and turning off leave no trace here without an answer.
  addEventListener('online', online);
  document.addEventListener('visibilitychange', look);
  return () => {
    stopWaiting();
    removeEventListener('focus', look);
    removeEventListener('online', online);
    document.removeEventListener('visibilitychange', look);
  };
}

type Fresh = Pick<Desk, 'store' | 'remote' | 'layOver'>;

/** Reads the workflow again where it stands otherwise than it is shown; what is not stored here yet is merged as it is saved. */
export async function glance(desk: Fresh): Promise<void> {
  const { id } = desk.store.getState();
  const told = await desk.remote.standing(id);
  const { draft, published } = desk.store.getState();
  if (told.published !== (published?.version ?? null) || (isQuiet(draft) && told.revision > draft.revision))
    await refresh(desk);
}

/** Shows what is live now, and the draft as it is stored where nothing of ours is on its way. */
export async function refresh({ store, remote, layOver }: Fresh): Promise<void> {
  const before = store.getState();
  const opened = await remote.open(before.id);
  const { draft, published, latest } = store.getState();
  // Published or turned off here meanwhile: the answer is older than what is known.
  if (published === before.published && latest === before.latest)
    store.setState({
      // One version may have been published again, with other titles; a document that did not come is the one that is here.
      published: opened.published?.document || !same(published, opened.published) ? opened.published : published,
      latest: opened.latest ?? undefined,
      triggers: opened.triggers,
    });
  if (isQuiet(draft) && opened.revision > draft.revision)
    layOver({ revision: opened.revision, document: opened.document });
}

const isQuiet = ({ pending, inFlight, trouble }: Draft): boolean => pending.length === 0 && inFlight === 0 && !trouble;

type LiveVersion = { readonly version: number } | undefined;

const same = (one: LiveVersion, other: LiveVersion): boolean => one?.version === other?.version;
