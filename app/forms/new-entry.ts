import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { firstField } from '../ui/first-field.ts';

/** Puts the caret into the entry that a press added at the end of a list: `room` holds the entries and, last, the add button. */
export function useNewEntry(count: number): { room: RefObject<HTMLDivElement | null>; await: () => void } {
  const room = useRef<HTMLDivElement>(null);
  const isAwaited = useRef(false);
  useEffect(() => {
    if (!isAwaited.current) return;
    isAwaited.current = false;
    const entry = [...(room.current?.children ?? [])].at(-2);
    if (entry) firstField(entry, 'input, textarea, [role=combobox]')?.focus();
  }, [count]);
  return { room, await: () => void (isAwaited.current = true) };
}
