import { Plus } from 'lucide-react';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '../ui/button.tsx';
import { firstField } from '../ui/first-field.ts';
import { useReadOnly } from '../ui/viewed.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Field as Labelled } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import type { Field } from './field.ts';
import { FieldView } from './field-view.tsx';
import { useKept, useRoom } from './kept.ts';
import { addedValue, unfold, whyIdle } from './unfold.ts';
import type { EitherPart } from './unfold.ts';
import { withValues } from './value-at.ts';
import './fields-view.css';

type Values = Readonly<Record<string, unknown>>;

const none: ReadonlySet<string> = new Set();

interface FieldsViewProps {
  readonly fields: readonly Field[];
  readonly values: Values;
  /** The place of a field as Issues name it. */
  readonly pathOf: (name: string) => string;
  /** One or several values at once; undefined takes a value away. */
  readonly change: (values: Values, name: string) => void;
}

/** Fields as far as they matter: dependent ones appear with what they hang on, options when they are asked for. */
export function FieldsView({ fields, values, pathOf, change }: FieldsViewProps) {
  const [opened = none, setOpened] = useKept<ReadonlySet<string>>(pathOf(''), 'opened');
  const kept = useRoom();
  const { parts, addable, idle } = unfold(fields, values, opened);
  const { room, want, reached } = useReach();
  const isReadOnly = useReadOnly();
  const open = (name: string) => {
    setOpened(new Set([...opened, name]));
    want(pathOf(name));
  };
  const add = (field: Field) => {
    const value = addedValue(field);
    if (value !== undefined) change({ [field.name]: value }, field.name);
    open(field.name);
  };
  const close = (name: string) => {
    setOpened(new Set([...opened].filter((one) => one !== name)));
    if (values[name] !== undefined) change({ [name]: undefined }, name);
    kept.forget(pathOf(name));
  };
  // Emptied to write another value, a field stays where one is writing.
  const put = (name: string, value: unknown) => {
    if (value === undefined && !opened.has(name)) setOpened(new Set([...opened, name]));
    change({ [name]: value }, name);
  };
  const view = (field: Field) => (
    <FieldView
      key={field.name}
      field={field}
      path={pathOf(field.name)}
      value={values[field.name]}
      onChange={(value) => put(field.name, value)}
      {...(field.isOption ? { remove: () => close(field.name) } : {})}
    />
  );
  return (
    <div className="fields" ref={room}>
      {parts.map((part) =>
        part.kind === 'field' ? (
          view(part.field)
        ) : (
          <Either key={part.title} {...{ part, values, change, opened, pathOf }} pick={setOpened}>
            {view}
          </Either>
        ),
      )}
      {!isReadOnly && addable.length > 0 && <AddOption fields={addable} add={add} reach={reached} />}
      {idle.map((field) => (
        <div key={field.name} className="idle-value">
          <span className="grow">
            {field.title} has a value that is not used: {whyIdle(field, fields, values)}.
          </span>
          <Button
            tone="quiet"
            size="sm"
            onClick={() => {
              flushSync(() => open(field.name));
              reached();
            }}
          >
            Show
          </Button>
          {!isReadOnly && (
            <Button tone="quiet" size="sm" onClick={() => change({ [field.name]: undefined }, field.name)}>
              Clear
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}

interface AddOptionProps {
  readonly fields: readonly Field[];
  readonly add: (field: Field) => void;
  readonly reach: () => boolean;
}

function AddOption({ fields, add, reach }: AddOptionProps) {
  return (
    <div className="add-option">
      <Menu
        align="start"
        reach={reach}
        trigger={
          <Button tone="quiet" size="sm">
            <Plus className="i i-12" aria-hidden />
            Add option
          </Button>
        }
      >
        {fields.map((field) => (
          <MenuItem key={field.name} onSelect={() => add(field)}>
            {field.title}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

interface EitherProps {
  readonly part: EitherPart;
  readonly values: Values;
  readonly change: FieldsViewProps['change'];
  readonly pathOf: FieldsViewProps['pathOf'];
  readonly opened: ReadonlySet<string>;
  readonly pick: (opened: ReadonlySet<string>) => void;
  readonly children: (field: Field) => React.ReactNode;
}

const noName = ' ';

/** Which of several fields is filled in, and that one. What was in the one before comes back when it is chosen again. */
function Either({ part, values, change, opened, pick, pathOf, children }: EitherProps) {
  const { title, fields, chosen } = part;
  const [before = {}, keepBefore] = useKept<Values>(pathOf(''), title);
  const current = chosen[0]?.name ?? noName;
  const choose = (name: string) => {
    keepBefore(
      withValues(
        before,
        Object.fromEntries(fields.map((field) => [field.name, values[field.name] ?? before[field.name]])),
      ),
    );
    const cleared = Object.fromEntries(fields.map((field) => [field.name, undefined]));
    const names = new Set(fields.map((field) => field.name));
    pick(new Set([...[...opened].filter((one) => !names.has(one)), ...(name === noName ? [] : [name])]));
    change(name === noName ? cleared : { ...cleared, [name]: before[name] }, title);
  };
  const options = [
    { value: noName, title: 'None' },
    ...fields.map((field) => ({ value: field.name, title: field.title })),
  ];
  return (
    <>
      <Labelled label={title}>
        {(wiring) => <Select id={wiring.id} label={title} value={current} options={options} onChange={choose} />}
      </Labelled>
      {chosen.map(children)}
    </>
  );
}

/** Puts the caret into a field that a press has just opened: once the menu that it was chosen in is gone, which gives the focus back else. */
function useReach() {
  const room = useRef<HTMLDivElement>(null);
  const wanted = useRef<string>(undefined);
  const reached = (): boolean => {
    const path = wanted.current;
    wanted.current = undefined;
    const field = path && room.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(path)}"]`);
    if (!field) return false;
    field.scrollIntoView({ block: 'nearest' });
    firstField(field, 'input:not([type=radio]), textarea, [role=combobox], [role=switch], [data-adds]')?.focus();
    return true;
  };
  return { room, want: (path: string) => void (wanted.current = path), reached };
}
