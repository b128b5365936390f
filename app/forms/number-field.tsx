import type { ControlProps } from './control-view.tsx';
import type { Control } from './field.ts';
import { besideOf, useKept } from './kept.ts';
import { TextInput } from '../ui/text-input.tsx';

type NumberControl = Extract<Control, { kind: 'number' }>;

/** A number; what is not one stays in the field as it was typed, says so, and is not stored. */
export function NumberField({
  field,
  path,
  wiring,
  value,
  onChange,
  control,
}: ControlProps & { control: NumberControl }) {
  const [typed, keep] = useKept<string>(path, 'number', value);
  const stored = typeof value === 'number' ? String(value) : '';
  const change = (next: string) => {
    const number = next.trim() === '' ? undefined : Number(next);
    const isOne = number === undefined || Number.isFinite(number);
    if (isOne) onChange(number);
    keep(next, {
      beside: besideOf(isOne ? number : value),
      problems: isOne ? [] : [notANumber(field.title, next)],
    });
  };
  return (
    <TextInput
      {...wiring}
      className="input num"
      inputMode={control.whole ? 'numeric' : 'decimal'}
      placeholder={field.placeholder ?? (field.default === undefined ? '' : String(field.default))}
      value={typed ?? stored}
      onChange={(event) => change(event.target.value)}
      onBlur={() => typed !== undefined && Number.isFinite(Number(typed)) && keep(undefined)}
    />
  );
}

const notANumber = (title: string, typed: string) => ({
  code: 'not-a-number',
  message: `“${typed}” is not a number: ${title} is not stored.`,
  mend: 'Enter digits, as in 30 or 1.5.',
});
