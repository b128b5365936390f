/** A word about something that has happened, which goes by itself. */
export interface Toast {
  readonly title: string;
  /** What it speaks of: a later word about the same takes its place, since both cannot be true. */
  readonly about?: string;
  readonly text?: string;
  readonly state?: 'ok' | 'failed' | 'waiting';
  /** Takes it back; the toast has a button for it. */
  readonly undo?: () => void;
  /** How long it stays; without it, as long as most. */
  readonly ms?: number;
}

/** How long one can read it, and undo. */
export const shownMs = 6_000;

type Shown = Toast & { readonly id: number };

let shown: readonly Shown[] = [];
let last = 0;
const listeners = new Set<() => void>();

function set(next: readonly Shown[]) {
  shown = next;
  for (const listener of listeners) listener();
}

/** Shows a toast; three at most, the oldest goes first. What was said before about the same thing goes, and so does the same word said before. */
export function toast(one: Toast): void {
  last += 1;
  const others = shown.filter((other) => !isSaidBy(one, other));
  set([...others.slice(-2), { ...one, id: last }]);
}

/** Whether a toast says all that another says; what can be taken back is something of its own each time. */
const isSaidBy = (one: Toast, other: Toast): boolean =>
  one.about === undefined
    ? !other.undo && other.title === one.title && other.text === one.text && other.state === one.state
    : other.about === one.about;

/** Takes a toast away. */
export const dismiss = (id: number): void => set(shown.filter((one) => one.id !== id));

/** Takes away what was said about something, once it is not true any more. */
export const settle = (about: string): void => set(shown.filter((one) => one.about !== about));

/** What is shown; the same array until that changes. */
export const toasts = (): readonly Shown[] => shown;

/** Calls back when that changes; gives the way to stop. */
export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
