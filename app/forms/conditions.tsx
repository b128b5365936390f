import { Plus, Trash2 } from 'lucide-react';
import { isObject } from '../../flow/document/json.ts';
import { NothingThere } from '../ui/viewed.tsx';
import { Button } from '../ui/button.tsx';
import { Segment } from '../ui/segment.tsx';
import { Select } from '../ui/select.tsx';
import type { ControlProps } from './control-view.tsx';
import type { Field } from './field.ts';
import { FieldView, Says } from './field-view.tsx';
import { useForm } from './form-context.tsx';
import { conditionWords, needsRight } from './condition-words.ts';
import { useNewEntry } from './new-entry.ts';
import './entry.css';
import './conditions.css';

type Group = { readonly all: readonly unknown[] } | { readonly any: readonly unknown[] };

const membersOf = (group: Group): readonly unknown[] => ('all' in group ? group.all : group.any);

/** Conditions of which all, or any, must hold; groups nest. */
export function Conditions({ field, path, value, onChange }: ControlProps) {
  const isOne = isObject(value) && 'op' in value;
  return (
    <GroupView
      title={field.title}
      pathOf={(kind, index) => (isOne ? path : `${path}.${kind}[${index}]`)}
      group={groupOf(value)}
      onChange={onChange}
    />
  );
}

/** A single condition is a group of one. */
function groupOf(value: unknown): Group {
  if (isObject(value) && Array.isArray(value['all'])) return { all: value['all'] };
  if (isObject(value) && Array.isArray(value['any'])) return { any: value['any'] };
  return { all: isObject(value) && 'op' in value ? [value] : [] };
}

interface GroupProps {
  readonly title: string;
  /** The place of a member in params, as Issues name it. */
  readonly pathOf: (kind: 'all' | 'any', index: number) => string;
  readonly group: Group;
  readonly onChange: (group: Group) => void;
  readonly remove?: () => void;
}

const joins = [
  { value: 'all', title: 'Match all' },
  { value: 'any', title: 'Match any' },
] as const;

function GroupView({ title, pathOf, group, onChange, remove }: GroupProps) {
  const members = membersOf(group);
  const kind = 'all' in group ? 'all' : 'any';
  const put = (next: readonly unknown[], by: 'all' | 'any' = kind) =>
    onChange(by === 'all' ? { all: next } : { any: next });
  const added = useNewEntry(members.length);
  const add = (member: unknown) => {
    added.await();
    put([...members, member]);
  };
  return (
    <div className="fieldset" role="group" aria-label={title} ref={added.room}>
      <div className="row conditions-top">
        <Segment
          label={`Match all or any of ${title}`}
          value={kind}
          options={joins}
          onChange={(by) => put(members, by)}
        />
        <span className="grow" />
        {remove && <RemoveButton title={title} remove={remove} />}
      </div>
      <NothingThere count={members.length} />
      {members.map((member, index) => (
        <Member
          key={index}
          title={`Condition ${index + 1}`}
          path={pathOf(kind, index)}
          value={member}
          onChange={(next) => put(members.with(index, next))}
          remove={() => put(members.toSpliced(index, 1))}
        />
      ))}
      <div className="entry add-row">
        <AddButton label="Condition" add={() => add({ left: '', op: 'equals', right: '' })} />
        <AddButton label="Group" add={() => add({ any: [] })} />
      </div>
    </div>
  );
}

const AddButton = ({ label, add }: { label: string; add: () => void }) => (
  <Button tone="quiet" size="sm" onClick={add}>
    <Plus className="i i-12" aria-hidden />
    {label}
  </Button>
);

const RemoveButton = ({ title, remove }: { title: string; remove: () => void }) => (
  <Button tone="quiet" size="sm" className="icon" aria-label={`Remove ${title}`} onClick={remove}>
    <Trash2 className="i i-12" aria-hidden />
  </Button>
);

interface MemberProps {
  readonly title: string;
  readonly path: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly remove: () => void;
}

function Member({ title, path, value, onChange, remove }: MemberProps) {
  const { issues } = useForm();
  const own = issues.find(({ where }) => where.param === path || where.param === `${path}.op`);
  const record = isObject(value) ? value : {};
  const says = own && <Says id={`${path}-says`} issue={own} help={undefined} />;
  if ('all' in record || 'any' in record)
    return (
      <div className="entry">
        <GroupView
          title={title}
          pathOf={(kind, index) => `${path}.${kind}[${index}]`}
          group={groupOf(record)}
          onChange={onChange}
          remove={remove}
        />
        {says}
      </div>
    );
  const op = typeof record['op'] === 'string' ? record['op'] : 'equals';
  const side = (name: 'left' | 'right') => (
    <FieldView
      field={sides[name]}
      name={`${sides[name].title} of ${title}`}
      path={`${path}.${name}`}
      value={record[name]}
      onChange={(next) => onChange({ ...record, op, [name]: next ?? '' })}
    />
  );
  return (
    <div className="entry condition">
      {side('left')}
      <div className="row gap-4">
        <Select
          className="sm"
          label={`Comparison of ${title}`}
          value={op}
          options={conditionWords}
          onChange={(next) => onChange({ ...record, op: next })}
        />
        <RemoveButton title={title} remove={remove} />
      </div>
      {needsRight(op) && side('right')}
      {says}
    </div>
  );
}

/** What stands on a side: a value of any kind, or an expression, written as everywhere else. */
const sideField = (name: string, title: string, placeholder: string): Field => ({
  name,
  title,
  placeholder,
  control: { kind: 'value' },
  required: true,
  isOpen: true,
  default: undefined,
});

const sides = {
  left: sideField('left', 'Left side', '{{ $json.total }}'),
  right: sideField('right', 'Right side', 'value'),
} as const;
