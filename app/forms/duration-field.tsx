import { parseDuration } from '../../flow/document/duration.ts';
import type { ControlProps } from './control-view.tsx';
import { TextInput } from '../ui/text-input.tsx';

/** A length of time as `30s` or `2h`; what is not one stays to be seen and fixed. */
export function DurationField({ field, wiring, value, onChange }: ControlProps) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  // A bare number counts as seconds, so that it is one.
  const isBroken = text !== '' && Number.isNaN(Number(text)) && parseDuration(text) === undefined;
  return (
    <>
      <TextInput
        {...wiring}
        className="input num"
        autoComplete="off"
        spellCheck={false}
        placeholder={field.placeholder ?? (typeof field.default === 'string' ? field.default : '30s')}
        value={text}
        onChange={(event) => onChange(event.target.value === '' && !field.required ? undefined : event.target.value)}
      />
      {isBroken && !wiring['aria-invalid'] && (
        <div className="field-error" role="status">
          “{text}” is not a duration. Enter a number with its unit: 250ms, 30s, 5m, 2h or 1d.
        </div>
      )}
    </>
  );
}
