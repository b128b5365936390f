import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';

/** What a field holds before something is put in, and where it goes. */
interface Place {
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** Whether a field that holds `most` characters has no room for all of what is put in: the browser cuts it without a word. */
export const isCutBy = (put: string, { value, from, to }: Place, most: number): boolean =>
  put !== '' && value.length - (to - from) + put.length > most;

/** What is said at a field that cut what was put in. */
export const cutWords = (most: number): string => `Cut to ${most} characters, the most that fit here.`;

/** Says at each change of a field by hand whether some of it was cut. */
export function useCutInput(
  field: RefObject<HTMLInputElement | null>,
  most: number | undefined,
  say: ((isCut: boolean) => void) | undefined,
): void {
  const told = useRef(say);
  told.current = say;
  const isWatched = say !== undefined;
  useEffect(() => {
    const input = field.current;
    if (!input || most === undefined || !isWatched) return;
    const look = ({ data, isComposing }: InputEvent) => {
      if (isComposing) return;
      const { value, selectionStart: from, selectionEnd: to } = input;
      told.current?.(isCutBy(data ?? '', { value, from: from ?? value.length, to: to ?? value.length }, most));
    };
    input.addEventListener('beforeinput', look);
    return () => input.removeEventListener('beforeinput', look);
  }, [field, most, isWatched]);
}
