import { useState } from 'react';
import type { ControlProps } from './control-view.tsx';
import { useForm } from './form-context.tsx';
import { TextInput } from '../ui/text-input.tsx';

const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** A time zone by its name: typed, with the ones there are offered; empty stands for the workflow's. */
export function TimezoneField({ field, wiring, value, onChange }: ControlProps) {
  const { zone } = useForm();
  // Four hundred names, in the page once somebody looks for one.
  const [isAsked, setAsked] = useState(false);
  const text = typeof value === 'string' ? value : '';
  return (
    <>
      <TextInput
        {...wiring}
        className="input"
        onFocus={() => setAsked(true)}
        list={`${wiring.id}-zones`}
        autoComplete="off"
        spellCheck={false}
        placeholder={field.placeholder ?? zone}
        value={text}
        onChange={(event) => onChange(event.target.value === '' && !field.required ? undefined : event.target.value)}
      />
      <datalist id={`${wiring.id}-zones`}>
        {isAsked && zones.map((name) => <option key={name} value={name} />)}
      </datalist>
      {text !== '' && !isZone(text) && !wiring['aria-invalid'] && (
        <div className="field-error" role="status">
          There is no time zone “{text}”. Enter one such as Europe/Berlin or UTC.
        </div>
      )}
    </>
  );
}

/** Whether a run knows it: it takes names in any case, and older ones that nobody is offered. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
