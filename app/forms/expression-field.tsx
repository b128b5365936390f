import { ChevronLeft, ChevronRight, CircleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import { expressionErrors } from '../../flow/expression/errors.ts';
import { nearlyExpression } from '../../flow/expression/nearly.ts';
import { Controls, useReadOnly } from '../ui/viewed.tsx';
import { Button } from '../ui/button.tsx';
import { DataMenu } from './data-menu.tsx';
import { ExpressionInput } from './expression-input.tsx';
import { gives, givesJson } from './expression-result.ts';
import type { Samples } from './expression-result.ts';
import { useForm } from './form-context.tsx';
import type { Wiring } from '../ui/wiring.ts';
import './expression-field.css';

interface ExpressionFieldProps {
  readonly wiring: Wiring;
  readonly value: string;
  readonly onChange: (value: unknown) => void;
  /** What is said to be wrong with the field already. */
  readonly told?: string | undefined;
  /** Its title, where it takes JSON. */
  readonly asJson?: string | undefined;
}

/** An expression, and under it what it gives for an item of the last run or of the pins, or what is wrong with it. */
export function ExpressionField({ wiring, value, onChange, told, asJson }: ExpressionFieldProps) {
  const { samples } = useForm();
  const [wanted, setIndex] = useState(0);
  const count = samples.items.length;
  const index = Math.min(wanted, Math.max(count - 1, 0));
  const insert = (reference: string) => onChange(withReference(value, reference));
  return (
    <>
      <div className="input expr expr-field">
        <span className="fx" aria-hidden>
          ƒ
        </span>
        <Controls>
          <ExpressionInput wiring={wiring} value={value} samples={samples} index={index} onChange={onChange} />
          <DataMenu insert={insert} reach={() => document.getElementById(wiring.id)?.focus()} />
        </Controls>
      </div>
      <Given text={value} told={told} asJson={asJson} samples={samples} index={index} go={setIndex} />
    </>
  );
}

/** A reference at the end of the expression: instead of one that was only begun, or among text as one of its own. */
function withReference(value: string, reference: string): string {
  if (/^\s*(\{\{\s*(\$json\.?)?\s*\}\})?\s*$/.test(value)) return `{{ ${reference} }}`;
  const end = /\s*\}\}\s*$/.exec(value);
  return end ? `${value.slice(0, end.index)} ${reference} }}` : `${value}{{ ${reference} }}`;
}

interface GivenProps {
  readonly text: string;
  readonly asJson: string | undefined;
  readonly told: string | undefined;
  readonly samples: Samples;
  readonly index: number;
  readonly go: (index: number) => void;
}

function Given({ text, told, asJson, samples, index, go }: GivenProps) {
  const isReadOnly = useReadOnly();
  const { hasRun } = useForm();
  const count = samples.items.length;
  const given = useMemo(
    () => (asJson === undefined ? gives(text, samples, index) : givesJson(asJson, text, samples, index)),
    [text, asJson, samples, index],
  );
  // A name that does not exist gives nothing when it runs: that is no result.
  const wrong = useMemo(() => expressionErrors(text)[0]?.error, [text]) ?? (given.ok ? undefined : given.error);
  if (wrong || !given.ok)
    return wrong?.message === told ? null : (
      <div className="field-error">
        <CircleAlert className="i i-12" aria-hidden />
        <span>
          {wrong?.message} {wrong?.mend}
        </span>
      </div>
    );
  if (nearlyExpression(text)?.why === 'unclosed')
    return <div className="gives">{'Close the expression with }} to see its result.'}</div>;
  if (count === 0 && text.includes('$') && hasRun) return <div className="gives">No items came here in this run.</div>;
  if (count === 0 && text.includes('$') && isReadOnly) return null;
  if (count === 0 && text.includes('$')) return <div className="gives">Run once to see the result.</div>;
  return (
    <div className="gives">
      <span>Result</span>
      <span className="val cut" title={given.text}>
        {given.text}
      </span>
      <span>{given.type}</span>
      {count > 1 && <Stepper index={index} count={count} go={go} />}
    </div>
  );
}

function Stepper({ index, count, go }: { index: number; count: number; go: (index: number) => void }) {
  return (
    <span className="stepper">
      <Button
        tone="quiet"
        className="icon"
        aria-label="Previous item"
        disabled={index === 0}
        onClick={() => go(index - 1)}
      >
        <ChevronLeft className="i i-12" aria-hidden />
      </Button>
      <span className="num">
        {index + 1} of {count.toLocaleString('en')}
      </span>
      <Button
        tone="quiet"
        className="icon"
        aria-label="Next item"
        disabled={index === count - 1}
        onClick={() => go(index + 1)}
      >
        <ChevronRight className="i i-12" aria-hidden />
      </Button>
    </span>
  );
}
