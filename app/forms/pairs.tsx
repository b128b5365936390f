import { Plus, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { isObject } from '../../flow/document/json.ts';
import { NothingThere } from '../ui/viewed.tsx';
import { Button } from '../ui/button.tsx';
import type { ControlProps } from './control-view.tsx';
import { useNewEntry } from './new-entry.ts';
import { ExpressionField } from './expression-field.tsx';
import { isExpression, printValue } from './expression-text.ts';
import { useCaret } from './use-caret.ts';
import { useTyped } from './use-typed.ts';
import './entry.css';
import './pairs.css';

type Pair = readonly [name: string, value: unknown];

/** Names with values. A value may hold an expression: `{{ $json.id }}`. A row whose name is empty or taken waits to be finished. */
export function Pairs({ field, value, onChange }: ControlProps) {
  const stored: readonly Pair[] = Object.entries(isObject(value) ? value : {});
  const [drafted, setDrafted] = useState<readonly Pair[]>();
  // What was changed elsewhere (undo, another tab) wins over rows that are being written.
  const pairs = drafted && isSame(recordOf(drafted), stored) ? drafted : stored;
  const put = (next: readonly Pair[]) => {
    setDrafted(next);
    const record = recordOf(next);
    if (!isSame(record, stored)) onChange(Object.keys(record).length === 0 ? undefined : record);
  };
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
            <input
              className="input sm mono"
              aria-label={`Name ${index + 1} of ${field.title}`}
              placeholder="name"
              aria-invalid={isTaken(pairs, index)}
              value={name}
              onChange={(event) => put(pairs.with(index, [event.target.value, given]))}
            />
            <PairValue
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

function PairValue({ label, value, put }: { label: string; value: unknown; put: (value: unknown) => void }) {
  const id = useId();
  const isWritten = isExpression(value);
  const keepCaret = useCaret(id, isWritten ? 'expression' : 'fixed');
  const type = (next: unknown) => {
    keepCaret();
    put(next);
  };
  const typed = useTyped(value, type);
  if (isWritten)
    return (
      <div className="pair-expression">
        <ExpressionField wiring={{ id, 'aria-label': label }} value={value} onChange={type} />
      </div>
    );
  return (
    <input
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

const isTaken = (pairs: readonly Pair[], index: number): boolean =>
  pairs[index]?.[0] !== '' && pairs.findIndex(([name]) => name === pairs[index]?.[0]) < index;

/** The rows that are finished: the first of each name. */
const recordOf = (pairs: readonly Pair[]): Record<string, unknown> =>
  Object.fromEntries(pairs.filter(([name], index) => name !== '' && !isTaken(pairs, index)));

const isSame = (record: Readonly<Record<string, unknown>>, stored: readonly Pair[]): boolean =>
  JSON.stringify(record) === JSON.stringify(Object.fromEntries(stored));
