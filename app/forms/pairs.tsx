import { Plus, Trash2 } from 'lucide-react';
import { isObject } from '../../flow/document/json.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/class-names.ts';
import type { ControlProps } from './control-view.tsx';
import { useNewEntry } from './new-entry.ts';
import { isExpression, printValue, readValue } from './expression-text.ts';

/** Names with values. A value may hold an expression: `{{ $json.id }}`. */
export function Pairs({ field, value, onChange }: ControlProps) {
  const pairs = Object.entries(isObject(value) ? value : {});
  const put = (index: number, name: string, given: unknown) =>
    onChange(Object.fromEntries(pairs.with(index, [name, given])));
  const rest = (index: number) => {
    const left = pairs.toSpliced(index, 1);
    onChange(left.length === 0 ? undefined : Object.fromEntries(left));
  };
  const added = useNewEntry(pairs.length);
  const add = () => {
    added.await();
    onChange({ ...Object.fromEntries(pairs), [freeName(pairs)]: '' });
  };
  return (
    <div className="fieldset" role="group" aria-label={field.title} ref={added.room}>
      {pairs.map(([name, given], index) => (
        <div className="pair" key={index}>
          <input
            className="input sm mono"
            aria-label={`Name ${index + 1} of ${field.title}`}
            value={name}
            onChange={(event) => put(index, event.target.value, given)}
          />
          <input
            className={classes('input sm mono', isExpression(given) && 'is-expression')}
            aria-label={`Value of ${name || index + 1}`}
            value={printValue(given)}
            onChange={(event) => put(index, name, readValue(event.target.value) ?? '')}
          />
          <Button
            tone="quiet"
            size="sm"
            className="icon"
            aria-label={`Take ${name || index + 1} out`}
            onClick={() => rest(index)}
          >
            <Trash2 className="i i-12" aria-hidden />
          </Button>
        </div>
      ))}
      <div className="entry" style={{ padding: 4 }}>
        <Button tone="quiet" size="sm" style={{ justifyContent: 'flex-start' }} onClick={add}>
          <Plus className="i i-12" aria-hidden />
          Add
        </Button>
      </div>
    </div>
  );
}

function freeName(pairs: readonly (readonly [string, unknown])[]): string {
  const names = new Set(pairs.map(([name]) => name));
  for (let number = pairs.length + 1; ; number++) if (!names.has(`name${number}`)) return `name${number}`;
}
