import { useState } from 'react';
import type { ChangeEvent, ComponentProps } from 'react';
import { useCutInput } from './cut-input.ts';
import { useOwnValue } from './own-value.ts';

interface TextInputProps extends Omit<ComponentProps<'input'>, 'value' | 'defaultValue' | 'onChange'> {
  readonly value: string;
  readonly onChange?: ((event: ChangeEvent<HTMLInputElement>) => void) | undefined;
  /** Called at each change by hand: whether some of it was cut, because the field holds no more than `maxLength`. */
  readonly sayCut?: ((isCut: boolean) => void) | undefined;
}

/** One line of text, in which a word that was typed is undone as a whole. */
export function TextInput({ value, onChange, sayCut, ref, ...rest }: TextInputProps) {
  const [own, draw] = useOwnValue(value, ref);
  useCutInput(own, rest.maxLength, sayCut);
  // What it begins with, and never another: a default that changes is what breaks undo.
  const [first] = useState(value);
  return (
    <input
      {...rest}
      ref={own}
      defaultValue={first}
      onChange={(event) => {
        onChange?.(event);
        draw();
      }}
    />
  );
}
