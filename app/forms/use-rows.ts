import { useRef } from 'react';

let last = 0;
const fresh = (): number => ++last;

/** Keys for the rows of a list without ids: each row keeps its own when others are added, moved or removed before it. */
export function useRows(count: number) {
  const kept = useRef<number[]>([]);
  // What came or went elsewhere (undo, another tab) is taken to be at the end.
  if (kept.current.length !== count)
    kept.current = Array.from({ length: count }, (_, index) => kept.current[index] ?? fresh());
  const keys = kept.current;
  return {
    keys,
    add: () => {
      const key = fresh();
      kept.current = [...keys, key];
      return key;
    },
    remove: (index: number) => void (kept.current = keys.toSpliced(index, 1)),
    swap: (index: number, other: number) =>
      void (kept.current = keys.map((key, at) =>
        at === index ? (keys[other] ?? key) : at === other ? (keys[index] ?? key) : key,
      )),
  };
}
