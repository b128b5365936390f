import { useState } from 'react';
import type { ControlProps } from './control-view.tsx';
import { printValue, readValue } from './expression-text.ts';

/** A value of any kind: numbers, true, lists and objects keep their kind, everything else is text. */
export function AnyValue({ field, wiring, value, onChange, isJson }: ControlProps & { isJson: boolean }) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? printValue(value);
  const isBroken = isJson && typed !== undefined && typeof readValue(typed) === 'string' && /^\s*[[{]/.test(typed);
  return (
    <>
      <textarea
        {...wiring}
        rows={1}
        className="input mono"
        style={isJson ? undefined : { minHeight: 28 }}
        spellCheck={false}
        placeholder={field.placeholder}
        value={text}
        onChange={(event) => {
          setTyped(event.target.value);
          onChange(readValue(event.target.value));
        }}
        onBlur={() => setTyped(undefined)}
      />
      {isBroken && <div className="field-error">This is not JSON; it is used as text.</div>}
    </>
  );
}
