import { useSyncExternalStore } from 'react';

/** A port that somebody points at. An empty port name stands for the node's first. */
export interface End {
  readonly key: string;
  readonly port: string;
}

/** The side of a card on which a port is drawn. */
export type CardSide = 'in' | 'out';

/** A port's name among those of all cards. */
export const endName = (side: CardSide, { key, port }: End): string => `${side} ${key}.${port}`;

let open: ReadonlySet<string> = new Set();
let takers: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

/** Says which ports the edge that is being drawn may end at; none when it is let go. */
export function showOpen(next: ReadonlySet<string>): void {
  open = next;
  takers = new Set([...next].map((name) => name.slice(name.indexOf(' ') + 1, name.indexOf('.'))));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Whether the edge that is being drawn may end at this port. */
export function useIsOpen(side: CardSide, end: End): boolean {
  const name = endName(side, end);
  return useSyncExternalStore(subscribe, () => open.has(name));
}

/** Whether the edge that is being drawn may end at one of a card's ports. */
export const takesEnd = (key: string): boolean => takers.has(key);
