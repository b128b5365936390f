import { useImperativeHandle, useLayoutEffect, useReducer, useRef } from 'react';
import type { Ref } from 'react';

/**
 * Wires a field of text that holds `value` as a controlled one of React does. But that one is given its default text anew at each letter, and
 * Chromium then undoes letter by letter; here a word that was typed goes as a whole. Gives the field's ref, and what draws it again after a
 * change: what was not taken is taken back.
 */
export function useOwnValue<Field extends HTMLInputElement | HTMLTextAreaElement>(
  value: string,
  ref: Ref<Field> | undefined,
) {
  const own = useRef<Field>(null);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useImperativeHandle<Field | null, Field | null>(ref, () => own.current, []);
  useLayoutEffect(() => {
    if (own.current && own.current.value !== value) own.current.value = value;
  });
  return [own, draw] as const;
}
