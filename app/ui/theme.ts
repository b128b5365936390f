import { keep, kept, whenKept } from '../host/keep.ts';
import { useSyncExternalStore } from 'react';

/** What the person chose; `system` follows the machine. */
export type Theme = 'light' | 'dark' | 'system';

const place = 'heddle.theme';
const listeners = new Set<() => void>();
const wish = matchMedia('(prefers-color-scheme: dark)');

/** What was chosen in this browser. */
export function theme(): Theme {
  const chosen = kept(place);
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
}

/** Chooses a theme for this browser; every open tab follows. */
export function chooseTheme(chosen: Theme): void {
  keep(place, chosen);
  apply(chosen);
}

/** What is seen now. */
export const seenTheme = (): 'light' | 'dark' =>
  document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';

/** Begins to follow the machine and the other tabs; public/theme.js has set the first one. */
export function followTheme(): void {
  wish.addEventListener('change', () => apply(theme()));
  whenKept(place, () => apply(theme()));
}

function apply(chosen: Theme): void {
  const isDark = chosen === 'dark' || (chosen === 'system' && wish.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** The chosen theme, for controls that show it. */
export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme);
