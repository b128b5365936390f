import { useImperativeHandle, useLayoutEffect, useReducer, useRef } from 'react';
import type { ChangeEvent, ComponentProps } from 'react';

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'value' | 'defaultValue' | 'onChange'> {
  readonly value: string;
  readonly onChange: (event: ChangeEvent<HTMLTextAreaElement>) => void;
}

/**
 * Several lines of text. It holds `value` as a controlled textarea of React does, but that one is given its default text anew at each letter, and
 * Chromium then undoes letter by letter; here a word that was typed goes as a whole.
 */
export function TextArea({ value, onChange, ref, ...rest }: TextAreaProps) {
  const own = useRef<HTMLTextAreaElement>(null);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useImperativeHandle<HTMLTextAreaElement | null, HTMLTextAreaElement | null>(ref, () => own.current, []);
  useLayoutEffect(() => {
    if (own.current && own.current.value !== value) own.current.value = value;
  });
  return (
    <textarea
      {...rest}
      ref={own}
      onChange={(event) => {
        onChange(event);
        // What was not taken is taken back.
        draw();
      }}
    />
  );
}
