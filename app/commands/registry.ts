import type { Role } from '../../flow/contract/account.ts';
import { isFor } from './command.ts';
import type { Command } from './command.ts';

/** The commands that can be reached now, from whatever is on the screen. */
const sets = new Set<readonly Command[]>();
const listeners = new Set<() => void>();
let all: readonly Command[] = [];
let role: Role | undefined;

function tell() {
  all = [...sets].flat().filter((command) => isFor(role, command));
  for (const listener of listeners) listener();
}

/** Offers commands to the palette and the keyboard; gives the way to take them back. What came later wins a key. */
export function offer(commands: readonly Command[]): () => void {
  sets.add(commands);
  tell();
  return () => {
    sets.delete(commands);
    tell();
  };
}

/** From now on only what somebody of this role may do is on offer; undefined while that is not known. */
export function offerTo(next: Role | undefined): void {
  if (next === role) return;
  role = next;
  tell();
}

/** Every command on offer; the same array until that changes. */
export const offered = (): readonly Command[] => all;

/** Calls back when the offer changes; gives the way to stop. */
export function onOffer(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
