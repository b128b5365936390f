import { useState } from 'react';
import { readValue, shownText } from './expression-text.ts';

/** What an input of any value is wired with. */
interface Typed {
  readonly value: string;
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
  readonly onBlur: () => void;
}

/** Wires an input of any value: what is typed stays as it was typed, and whatever is stored meanwhile (undo, another tab) wins. */
export function useTyped(value: unknown, put: (value: unknown) => void): Typed {
  const [typed, setTyped] = useState<string>();
  return {
    value: shownText(typed, value),
    onChange: ({ target }) => {
      setTyped(target.value);
      put(readValue(target.value));
    },
    onBlur: () => setTyped(undefined),
  };
}
