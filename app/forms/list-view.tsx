import { ArrowUp, Plus, Trash2 } from 'lucide-react';
import { isObject } from '../../flow/document/json.ts';
import { Button } from '../ui/button.tsx';
import { ControlView } from './control-view.tsx';
import type { ControlProps } from './control-view.tsx';
import type { Control, Field } from './field.ts';
import { FieldView } from './field-view.tsx';
import { useNewEntry } from './new-entry.ts';
import { blankOf, withValueAt } from './value-at.ts';

type ListControl = Extract<Control, { kind: 'list' }>;

/** A list of entries: each can be changed, moved up and taken out, and one can be added at the end. */
export function ListView({ field, path, value, onChange, control }: ControlProps & { control: ListControl }) {
  const given = value ?? field.default;
  const entries: readonly unknown[] = Array.isArray(given) ? given : [];
  const added = useNewEntry(entries.length);
  const add = () => {
    added.await();
    onChange([...entries, blankOf(control.entry)]);
  };
  return (
    <div className="fieldset" role="group" aria-label={field.title} ref={added.room}>
      {entries.map((entry, index) => (
        <Entry
          key={index}
          entry={control.entry}
          title={entryTitle(entry) ?? `${field.title} ${index + 1}`}
          path={`${path}[${index}]`}
          value={entry}
          onChange={(next) => onChange(withValueAt(entries, [index], next))}
          remove={() => onChange(entries.toSpliced(index, 1))}
          raise={index === 0 ? undefined : () => onChange(swapped(entries, index))}
        />
      ))}
      <div className="entry" style={{ padding: 4 }}>
        <Button tone="quiet" size="sm" style={{ justifyContent: 'flex-start' }} onClick={add}>
          <Plus className="i i-12" aria-hidden />
          {control.addLabel}
        </Button>
      </div>
    </div>
  );
}

/** What an entry calls itself: its name, title or field. */
function entryTitle(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined;
  const said = ['title', 'name', 'id', 'field', 'from'].map((name) => entry[name]);
  return said.find((word) => typeof word === 'string' && word !== '' && !word.includes('{{')) as string | undefined;
}

const swapped = (entries: readonly unknown[], index: number): unknown[] =>
  entries.toSpliced(index - 1, 2, entries[index], entries[index - 1]);

interface EntryProps {
  readonly entry: Field;
  readonly title: string;
  readonly path: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly remove: () => void;
  readonly raise: (() => void) | undefined;
}

function Entry({ entry, title, path, value, onChange, remove, raise }: EntryProps) {
  return (
    <div className="entry">
      <div className="row" style={{ minHeight: 24 }}>
        <span className="label grow cut">{title}</span>
        {raise && (
          <Button tone="quiet" size="sm" className="icon" aria-label={`Move ${title} up`} onClick={raise}>
            <ArrowUp className="i i-12" aria-hidden />
          </Button>
        )}
        <Button tone="quiet" size="sm" className="icon" aria-label={`Take ${title} out`} onClick={remove}>
          <Trash2 className="i i-12" aria-hidden />
        </Button>
      </div>
      <ControlView
        wiring={{ id: path, 'aria-label': title }}
        field={{ ...entry, title }}
        path={path}
        value={value}
        onChange={onChange}
      />
    </div>
  );
}

/** The fields of an object inside a form. */
export function ObjectView({ path, value, onChange, fields }: ControlProps & { fields: readonly Field[] }) {
  const record = isObject(value) ? value : {};
  return (
    <>
      {fields.map((field) => (
        <FieldView
          key={field.name}
          field={field}
          path={`${path}.${field.name}`}
          value={record[field.name]}
          onChange={(next) => onChange(withValueAt(record, [field.name], next))}
        />
      ))}
    </>
  );
}
