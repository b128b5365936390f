import { brokenWords } from '../../flow/values/broken-json.ts';
import type { ControlProps } from './control-view.tsx';
import { beginsAsJson } from '../../flow/values/broken-json.ts';
import { isExpression } from './expression-text.ts';
import { useTyped } from './use-typed.ts';
import { TextArea } from '../ui/text-area.tsx';
import './any-value.css';

/** A value of any kind: numbers, true, lists and objects keep their kind, everything else is text. */
export function AnyValue({ field, wiring, value, onChange, isJson }: ControlProps & { isJson: boolean }) {
  const typed = useTyped(value, onChange);
  // Where it is read as JSON all the same, an Issue says so.
  const broken =
    isJson && typeof value === 'string' && !isExpression(value) && beginsAsJson(value) ? brokenWords(value) : undefined;
  return (
    <>
      <TextArea
        {...wiring}
        {...typed}
        rows={1}
        className={isJson ? 'input mono' : 'input mono one-line'}
        spellCheck={false}
        placeholder={field.placeholder}
      />
      {broken !== undefined && !wiring['aria-invalid'] && (
        <div className="field-error">This is not JSON, so it is used as text. {broken}</div>
      )}
    </>
  );
}
