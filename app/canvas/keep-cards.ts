import type { NodeCard } from '../../flow/document/card.ts';
import type { Remote } from '../api/remote.ts';
import { catalogueOf, isShort } from '../graph/catalogue.ts';
import type { Desk } from './desk.ts';
import type { EditorState, EditorStore } from './editor-state.ts';

const firstMs = 500;
const mostMs = 15_000;

/**
 * Asks for the cards of nodes that are only known by their entry in the index: of what was added, pasted, merged. A server that is away is asked
 * again. Gives the way to stop.
 */
export function keepCards(store: EditorStore, remote: Pick<Remote, 'cards'>, later: Desk['later']): () => void {
  let isAsking = false;
  let isStopped = false;
  let pause = firstMs;
  let cancel: (() => void) | undefined;
  const ask = async () => {
    cancel?.();
    cancel = undefined;
    const types = lackingTypes(store.getState());
    if (isAsking || isStopped || types.length === 0) return;
    isAsking = true;
    try {
      learn(store, types, await remote.cards(types));
      pause = firstMs;
    } catch {
      if (!isStopped) cancel = later(() => void ask(), pause);
      pause = Math.min(pause * 2, mostMs);
    }
    isAsking = false;
    // More may have come meanwhile; after a failure it waits for its time.
    if (!cancel) await ask();
  };
  void ask();
  const stop = store.subscribe((state, before) => {
    const isNew = state.history.document !== before.history.document || state.published !== before.published;
    if (isNew && !cancel) void ask();
  });
  return () => {
    isStopped = true;
    cancel?.();
    stop();
  };
}

/** The types that are drawn or compared here and only known in short. */
export function lackingTypes({ history, published, catalogue }: EditorState): string[] {
  const nodes = [...history.document.nodes, ...(published?.document?.nodes ?? [])];
  return [...new Set(nodes.filter(({ type, version }) => isShort(catalogue(type, version))).map(({ type }) => type))];
}

/** Takes cards in; what was asked for and did not come is not there any more. */
function learn(store: EditorStore, asked: readonly string[], came: readonly NodeCard[]): void {
  store.setState(({ index, cards }) => {
    const here = new Set(came.map(({ type }) => type));
    const left = index.filter(({ type }) => here.has(type) || !asked.includes(type));
    const all = [...cards, ...came];
    return { index: left, cards: all, catalogue: catalogueOf(all, left) };
  });
}
