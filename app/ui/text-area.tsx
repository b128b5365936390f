import type { ChangeEvent, ComponentProps } from 'react';
import { useOwnValue } from './own-value.ts';

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'value' | 'defaultValue' | 'onChange'> {
  readonly value: string;
  readonly onChange: (event: ChangeEvent<HTMLTextAreaElement>) => void;
}

/** Several lines of text, in which a word that was typed is undone as a whole. */
export function TextArea({ value, onChange, ref, ...rest }: TextAreaProps) {
  const [own, draw] = useOwnValue(value, ref);
  return (
    <textarea
      {...rest}
      ref={own}
      onChange={(event) => {
        onChange(event);
        draw();
      }}
    />
  );
}
