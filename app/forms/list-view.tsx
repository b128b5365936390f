import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { isObject } from '../../flow/document/json.ts';
import { issueAt } from './issue-at.ts';
import { NothingThere, useReadOnly } from '../ui/viewed.tsx';
import { Button } from '../ui/button.tsx';
import { ControlView } from './control-view.tsx';
import type { ControlProps } from './control-view.tsx';
import { nameOf, summaryOf } from './entry-words.ts';
import { isLineControl } from './field.ts';
import type { Control, Field } from './field.ts';
import { Says } from './field-view.tsx';
import { FieldsView } from './fields-view.tsx';
import { useForm } from './form-context.tsx';
import { NextTimes } from './next-times.tsx';
import { useNewEntry } from './new-entry.ts';
import { useRoom } from './kept.ts';
import { useRows } from './use-rows.ts';
import { blankOf, withValueAt, withValues } from './value-at.ts';
import './entry.css';
import './list-view.css';

type ListControl = Extract<Control, { kind: 'list' }>;

/** More entries than these are folded at first. */
const fewOpen = 2;

/** A list of entries: each can be folded, changed, moved and removed, and one can be added at the end. */
export function ListView({ field, path, value, onChange, control }: ControlProps & { control: ListControl }) {
  const given = value ?? field.default;
  const entries: readonly unknown[] = Array.isArray(given) ? given : [];
  const rows = useRows(entries.length);
  const room = useRoom();
  const isReadOnly = useReadOnly();
  const added = useNewEntry(entries.length);
  const [flipped, setFlipped] = useState<ReadonlySet<number>>(() => new Set(entries.length > fewOpen ? rows.keys : []));
  const flip = (key: number) =>
    setFlipped(new Set(flipped.has(key) ? [...flipped].filter((one) => one !== key) : [...flipped, key]));
  const add = () => {
    added.await();
    rows.add();
    onChange([...entries, blankOf(control.entry)]);
  };
  const swap = (index: number, other: number) => {
    rows.swap(index, other);
    const order = [...entries.keys()];
    onChange(entries.with(index, entries[other]).with(other, entries[index]));
    room.reorder(path, order.with(index, other).with(other, index));
  };
  const list = (
    <div className="fieldset" role="group" aria-label={field.title} ref={added.room}>
      <NothingThere count={entries.length} />
      {entries.map((entry, index) => (
        <Entry
          key={rows.keys[index]}
          entry={control.entry}
          title={`${control.entryTitle} ${index + 1}`}
          path={`${path}[${index}]`}
          value={entry}
          isFolded={flipped.has(rows.keys[index] ?? -1)}
          flip={() => flip(rows.keys[index] ?? -1)}
          onChange={(next) => onChange(withValueAt(entries, [index], next ?? blankOf(control.entry)))}
          remove={() => {
            rows.remove(index);
            onChange(entries.toSpliced(index, 1));
            room.reorder(path, [...entries.keys()].toSpliced(index, 1));
          }}
          raise={index === 0 ? undefined : () => swap(index, index - 1)}
          lower={index === entries.length - 1 ? undefined : () => swap(index, index + 1)}
        />
      ))}
      {!isReadOnly && (
        <div className="entry add-row">
          <Button tone="quiet" size="sm" data-adds onClick={add}>
            <Plus className="i i-12" aria-hidden />
            {control.addLabel}
          </Button>
        </div>
      )}
    </div>
  );
  return control.isTimes ? (
    <>
      {list}
      <NextTimes rules={entries} />
    </>
  ) : (
    list
  );
}

interface EntryProps {
  readonly entry: Field;
  readonly title: string;
  readonly path: string;
  readonly value: unknown;
  readonly isFolded: boolean;
  readonly flip: () => void;
  readonly onChange: (value: unknown) => void;
  readonly remove: () => void;
  readonly raise: (() => void) | undefined;
  readonly lower: (() => void) | undefined;
}

function Entry(props: EntryProps) {
  const { entry, title, path, value, onChange, isFolded } = props;
  const { issues } = useForm();
  const isLine = isLineControl(entry.control);
  const own = isLine ? issueAt(issues, path) : issues.find(({ where }) => where.param === path);
  const control = (
    <ControlView
      wiring={{ id: path, 'aria-label': title, 'aria-invalid': own?.level === 'error' }}
      field={{ ...entry, title }}
      path={path}
      value={value}
      onChange={onChange}
    />
  );
  // A text or a number is a line by itself, with its buttons beside it.
  if (isLine)
    return (
      <div className="entry">
        <div className="row gap-2">
          <span className="grow">{control}</span>
          <EntryButtons {...props} />
        </div>
        {own && <Says id={`${path}-says`} issue={own} help={undefined} />}
      </div>
    );
  const broken = issueAt(issues, path);
  return (
    <div className="entry" data-entry={path}>
      <EntryHead {...props} isBroken={isFolded && broken !== undefined && broken.level !== 'hint'} />
      {!isFolded && control}
      {!isFolded && own && <Says id={`${path}-says`} issue={own} help={undefined} />}
    </div>
  );
}

function EntryHead(props: EntryProps & { isBroken: boolean }): ReactNode {
  const { title, entry, value, isFolded, flip, isBroken } = props;
  const Chevron = isFolded ? ChevronRight : ChevronDown;
  return (
    <div className="row entry-head">
      <button type="button" className="entry-flip grow" aria-expanded={!isFolded} onClick={flip}>
        <Chevron className="i i-12 t3" aria-hidden />
        <span className="label cut">{nameOf(value) ?? title}</span>
        {isFolded && <span className="t3 small cut">{summaryOf(entry, value)}</span>}
        {isBroken && <span className="entry-broken">Needs a fix</span>}
      </button>
      <EntryButtons {...props} />
    </div>
  );
}

const EntryButtons = ({ title, remove, raise, lower }: EntryProps) =>
  useReadOnly() ? null : (
    <>
      {raise && (
        <Button tone="quiet" size="sm" className="icon" aria-label={`Move ${title} up`} onClick={raise}>
          <ArrowUp className="i i-12" aria-hidden />
        </Button>
      )}
      {lower && (
        <Button tone="quiet" size="sm" className="icon" aria-label={`Move ${title} down`} onClick={lower}>
          <ArrowDown className="i i-12" aria-hidden />
        </Button>
      )}
      <Button tone="quiet" size="sm" className="icon" aria-label={`Remove ${title}`} onClick={remove}>
        <Trash2 className="i i-12" aria-hidden />
      </Button>
    </>
  );

/** The fields of an object inside a form. */
export function ObjectView({ path, value, onChange, fields }: ControlProps & { fields: readonly Field[] }) {
  const record = isObject(value) ? value : {};
  return (
    <FieldsView
      fields={fields}
      values={record}
      pathOf={(name) => `${path}.${name}`}
      change={(values) => onChange(withValues(record, values))}
    />
  );
}
