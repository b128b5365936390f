import type { Desk } from './desk.ts';

/** Whoever goes to and fro between windows asks no more often than this. */
const leastMs = 2_000;

/** Asks how the workflow stands when somebody comes back to this tab or on line: another one may have published, turned off or changed it. Gives the way to stop. */
export function keepFresh(desk: Desk): () => void {
  let asked = performance.now();
  const look = () => {
    if (document.visibilityState === 'visible' && performance.now() - asked >= leastMs) ask();
  };
  const ask = () => {
    asked = performance.now();
    // Without an answer it stands as it was known last; saving tells when the server is away.
    void refresh(desk).catch(() => undefined);
  };
  addEventListener('focus', look);
  // What was asked for as the line broke may have been done: publishing and turning off leave no trace here without an answer.
  addEventListener('online', ask);
  document.addEventListener('visibilitychange', look);
  return () => {
    removeEventListener('focus', look);
    removeEventListener('online', ask);
    document.removeEventListener('visibilitychange', look);
  };
}

/** Shows what is live now, and the draft as it is stored where nothing of ours is on its way. */
export async function refresh({ store, remote, layOver }: Pick<Desk, 'store' | 'remote' | 'layOver'>): Promise<void> {
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
  const isQuiet = draft.pending.length === 0 && draft.inFlight === 0 && !draft.trouble;
  if (isQuiet && opened.revision > draft.revision) layOver({ revision: opened.revision, document: opened.document });
}

type LiveVersion = { readonly version: number } | undefined;

const same = (one: LiveVersion, other: LiveVersion): boolean => one?.version === other?.version;
