import { useReducer, useState } from 'react';
import { isObject } from '../../flow/document/json.ts';
import { useForm } from './form-context.tsx';

/** What keeps something that was typed from being stored. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly mend: string;
}

/** What somebody typed or chose in a form and the document cannot hold. */
export interface Kept {
  readonly value: unknown;
  /** What the document held at its place then: where it holds something else by now, that is newer and wins. */
  readonly beside?: string | undefined;
  readonly problems?: readonly Problem[];
}

/** Where the form of a node keeps it, by the place in params and by what it is: leaving the form takes nothing away. */
export interface KeptRoom {
  readonly get: (path: string, what: string) => Kept | undefined;
  readonly put: (path: string, what: string, kept: Kept | undefined) => void;
  /** Entries of the list at a place stand in another order now: each by where it stood. */
  readonly reorder: (path: string, order: readonly number[]) => void;
  /** Somebody took away what stands at a place. */
  readonly forget: (path: string) => void;
  readonly all: () => readonly { readonly path: string; readonly kept: Kept }[];
}

/** An empty room. */
export function keptRoom(): KeptRoom {
  const held = new Map<string, { readonly path: string; readonly what: string; readonly kept: Kept }>();
  const idOf = (path: string, what: string) => `${what} ${path}`;
  const set = (path: string, what: string, kept: Kept) => held.set(idOf(path, what), { path, what, kept });
  return {
    get: (path, what) => held.get(idOf(path, what))?.kept,
    put: (path, what, kept) => {
      if (kept) set(path, what, kept);
      else held.delete(idOf(path, what));
    },
    reorder: (path, order) => {
      const inside = [...held.values()].filter((one) => one.path.startsWith(`${path}[`));
      for (const one of inside) held.delete(idOf(one.path, one.what));
      for (const one of inside) {
        const [, index = '', rest = ''] = /^\[(\d+)\](.*)$/s.exec(one.path.slice(path.length)) ?? [];
        const now = order.indexOf(Number(index));
        if (now >= 0) set(`${path}[${now}]${rest}`, one.what, one.kept);
      }
    },
    forget: (path) => {
      for (const [id, one] of held)
        if (one.path === path || one.path.startsWith(`${path}.`) || one.path.startsWith(`${path}[`)) held.delete(id);
    },
    all: () => [...held.values()],
  };
}

/** A room that tells when what is in it has become another. */
export const heard = (room: KeptRoom, tell: () => void): KeptRoom => ({
  ...room,
  put: (...kept) => {
    room.put(...kept);
    tell();
  },
  reorder: (...moved) => {
    room.reorder(...moved);
    tell();
  },
  forget: (path) => {
    room.forget(path);
    tell();
  },
});

/** A stored value to be compared: the order of a record's names says nothing, and an empty one is none. */
export function besideOf(value: unknown): string {
  if (!isObject(value)) return value === undefined ? '' : JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return entries.length === 0 ? '' : JSON.stringify(entries);
}

/** Whether it still is about what the document holds. */
export const isCurrent = ({ beside }: Kept, value: unknown): boolean =>
  beside === undefined || beside === besideOf(value);

/** The room of the form around. A form without one keeps what is typed for as long as it stands. */
export function useRoom(): KeptRoom {
  const [own] = useState(keptRoom);
  return useForm().kept ?? own;
}

/** State like any other, only that it outlives the form. Each use at a place has its own `what`, and always the same type. */
export function useKept<T>(path: string, what: string, value?: unknown) {
  const room = useRoom();
  const [, again] = useReducer((count: number) => count + 1, 0);
  const kept = room.get(path, what);
  const keep = (next: T | undefined, more: Omit<Kept, 'value'> = {}) => {
    room.put(path, what, next === undefined ? undefined : { value: next, ...more });
    again();
  };
  return [kept && isCurrent(kept, value) ? (kept.value as T) : undefined, keep] as const;
}
