import { Plus, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { isObject } from '../../flow/document/json.ts';
import { leaves } from '../ui/leaves.ts';
import { NothingThere } from '../ui/viewed.tsx';
import { Button } from '../ui/button.tsx';
import type { ControlProps } from './control-view.tsx';
import { useNewEntry } from './new-entry.ts';
import { ExpressionField } from './expression-field.tsx';
import { isExpression, printValue } from './expression-text.ts';
import { useForm } from './form-context.tsx';
import { issueAt } from './issue-at.ts';
import { besideOf, useKept } from './kept.ts';
import { pairProblems, recordOf, isTaken } from './pair-rows.ts';
import type { Pair } from './pair-rows.ts';
import { useCaret } from './use-caret.ts';
import { useTyped } from './use-typed.ts';
import { TextInput } from '../ui/text-input.tsx';
import './entry.css';
import './pairs.css';

/** Names with values. A value may hold an expression: `{{ $json.id }}`. A row whose name is empty or taken is kept and waits to be finished. */
export function Pairs({ field, path, value, onChange }: ControlProps) {
  const stored: readonly Pair[] = Object.entries(isObject(value) ? value : {});
  // What was changed elsewhere (undo, another tab) wins over rows that are being written.
  const [drafted, keep] = useKept<readonly Pair[]>(path, 'rows', value);
  const pairs = drafted ?? stored;
  const put = (next: readonly Pair[]) => {
    const record = recordOf(next);
    if (besideOf(record) !== besideOf(value)) onChange(Object.keys(record).length === 0 ? undefined : record);
    keep(next, { beside: besideOf(record), problems: pairProblems(field.title, next) });
  };
  const { issues } = useForm();
  const added = useNewEntry(pairs.length);
  const add = () => {
    added.await();
    put([...pairs, ['', '']]);
  };
  return (
    <div className="fieldset" role="group" aria-label={field.title} ref={added.room}>
      <NothingThere count={pairs.length} />
      {pairs.map(([name, given], index) => (
        <div key={index}>
          <div className="pair">
            <TextInput
              className="input sm mono"
              aria-label={`Name ${index + 1} of ${field.title}`}
              placeholder="name"
              aria-invalid={isTaken(pairs, index) || (name === '' && printValue(given) !== '')}
              value={name}
              onChange={(event) => put(pairs.with(index, [event.target.value, given]))}
            />
            <PairValue
              told={issueAt(issues, path)?.message}
              label={`Value of ${name || index + 1}`}
              value={given}
              put={(next) => put(pairs.with(index, [name, next ?? '']))}
            />
            <Button
              tone="quiet"
              size="sm"
              className="icon"
              aria-label={`Remove ${name || index + 1}`}
              onClick={() => put(pairs.toSpliced(index, 1))}
            >
              <Trash2 className="i i-12" aria-hidden />
            </Button>
          </div>
          {isTaken(pairs, index) && (
            <div className="field-error pair-says">“{name}” is there already. Enter another name.</div>
          )}
          {name === '' && printValue(given) !== '' && (
            <div className="field-error pair-says">Enter a name for this value.</div>
          )}
        </div>
      ))}
      <div className="entry add-row">
        <Button tone="quiet" size="sm" data-adds onClick={add}>
          <Plus className="i i-12" aria-hidden />
          Add
        </Button>
      </div>
    </div>
  );
}

interface PairValueProps {
  readonly label: string;
  readonly value: unknown;
  readonly put: (value: unknown) => void;
  /** What is said under all the rows. */
  readonly told: string | undefined;
}

function PairValue({ label, value, put, told }: PairValueProps) {
  const id = useId();
  // Whoever empties an expression, or types over it, still writes in its control: another would have nothing to take back.
  const [isHeld, setHeld] = useState(false);
  const isWritten = isExpression(value) || isHeld;
  const keepCaret = useCaret(id, isWritten ? 'expression' : 'fixed');
  const type = (next: unknown) => {
    keepCaret();
    setHeld(isWritten);
    put(next);
  };
  const typed = useTyped(value, type);
  if (isWritten)
    return (
      <div
        className="pair-expression"
        onBlur={(event) => {
          if (!leaves(event)) return;
          setHeld(false);
          typed.onBlur();
        }}
      >
        <ExpressionField
          wiring={{ id, 'aria-label': label }}
          value={typed.value}
          onChange={(text) => typed.onChange({ target: { value: String(text) } })}
          told={told}
        />
      </div>
    );
  return (
    <TextInput
      {...typed}
      id={id}
      className="input sm mono"
      aria-label={label}
      placeholder="value"
      spellCheck={false}
      autoComplete="off"
    />
  );
}
