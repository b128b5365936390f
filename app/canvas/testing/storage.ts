import type { Store } from '../../host/keep.ts';

/** The storage of a browser with room for so many characters. */
export function storage(room = Infinity): Store & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const used = (but: string) =>
    [...kept].reduce((sum, [name, text]) => (name === but ? sum : sum + name.length + text.length), 0);
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => {
      if (used(name) + name.length + text.length > room) throw new Error('QuotaExceededError');
      kept.set(name, text);
    },
    removeItem: (name) => void kept.delete(name),
    key: (index) => [...kept.keys()][index] ?? null,
    get length() {
      return kept.size;
    },
  };
}
