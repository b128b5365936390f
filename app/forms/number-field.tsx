import { useState } from 'react';
import type { ControlProps } from './control-view.tsx';
import type { Control } from './field.ts';

type NumberControl = Extract<Control, { kind: 'number' }>;

/** A number; what is not one yet stays in the field as it was typed and is not stored. */
export function NumberField({ field, wiring, value, onChange, control }: ControlProps & { control: NumberControl }) {
  const [typed, setTyped] = useState<string>();
  const stored = typeof value === 'number' ? String(value) : '';
  const text =
    typed !== undefined && (typed === '' || Number(typed) === value || Number.isNaN(Number(typed))) ? typed : stored;
  const change = (next: string) => {
    setTyped(next);
    if (next.trim() === '') onChange(undefined);
    else if (!Number.isNaN(Number(next))) onChange(Number(next));
  };
  return (
    <input
      {...wiring}
      className="input num"
      inputMode={control.whole ? 'numeric' : 'decimal'}
      placeholder={field.placeholder ?? (field.default === undefined ? '' : String(field.default))}
      value={text}
      onChange={(event) => change(event.target.value)}
      onBlur={() => setTyped(undefined)}
    />
  );
}
