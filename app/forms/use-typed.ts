import { useState } from 'react';
import { printValue, readValue } from './expression-text.ts';

/** What an input of any value is wired with. */
interface Typed {
  readonly value: string;
  readonly onChange: (event: { readonly target: { readonly value: string } }) => void;
  readonly onBlur: () => void;
}

/**
 * The text of a value of any kind while it is typed: `1.0` on the way to `1.05` means 1, and would be printed as `1`. What was
 * typed stays to be seen for as long as it means what is stored; whatever else is stored meanwhile (undo, another tab) wins.
 */
export function useTyped(value: unknown, put: (value: unknown) => void): Typed {
  const [typed, setTyped] = useState<string>();
  const isMeant = typed !== undefined && printValue(readValue(typed)) === printValue(value);
  return {
    value: isMeant ? typed : printValue(value),
    onChange: ({ target }) => {
      setTyped(target.value);
      put(readValue(target.value));
    },
    onBlur: () => setTyped(undefined),
  };
}
