import type * as z from 'zod';

/** The part of the browser's storage that is used. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** What stands in for a storage that is forbidden: it has nothing and takes nothing. */
const forbidden: Store = {
  length: 0,
  getItem: () => null,
  key: () => null,
  removeItem: () => undefined,
  setItem: () => {
    throw new Error('Storage is forbidden.');
  },
};

/** What this browser keeps of this page, over tabs and restarts. Writing throws where storage is full or forbidden. */
export function store(): Store {
  try {
    return localStorage;
  } catch {
    return forbidden;
  }
}

/** A word that was kept in this browser. */
export const kept = (name: string): string | undefined => store().getItem(name) ?? undefined;

/** Keeps a word in this browser; undefined forgets it. False where storage is full or forbidden: then it holds as long as the page does. */
export function keep(name: string, word: string | undefined): boolean {
  try {
    if (word === undefined) store().removeItem(name);
    else store().setItem(name, word);
    return true;
  } catch {
    return false;
  }
}

/** What this tab keeps of this page: over reloads, not over tabs. */
function tabStore(): Store {
  try {
    return sessionStorage;
  } catch {
    return forbidden;
  }
}

/** Keeps a word in this tab; undefined forgets it. Where storage is full or forbidden, nothing is kept. */
export function keepInTab(name: string, word: string | undefined): void {
  try {
    if (word === undefined) tabStore().removeItem(name);
    else tabStore().setItem(name, word);
  } catch {
    // It was kept for convenience.
  }
}

/** A word that this tab keeps. */
export const wordInTab = (name: string): string | undefined => tabStore().getItem(name) ?? undefined;

/** A value that this tab keeps as JSON; undefined when there is none of that shape. */
export const keptInTab = <Shape>(name: string, shape: z.ZodType<Shape>): Shape | undefined =>
  parsed(wordInTab(name) ?? null, shape);

/** A value that was kept as JSON; undefined when it is not of that shape. */
export const keptAs = <Shape>(name: string, shape: z.ZodType<Shape>): Shape | undefined =>
  parsed(kept(name) ?? null, shape);

function parsed<Shape>(text: string | null, shape: z.ZodType<Shape>): Shape | undefined {
  try {
    return shape.safeParse(JSON.parse(text ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** Calls back when another tab of this browser keeps another word. */
export const whenKept = (name: string, told: () => void): void =>
  addEventListener('storage', ({ key }) => key === name && told());
