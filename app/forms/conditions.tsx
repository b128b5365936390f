import { Plus, Trash2 } from 'lucide-react';
import { isObject } from '../../flow/document/json.ts';
import { NothingThere } from '../ui/viewed.tsx';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/class-names.ts';
import { Segment } from '../ui/segment.tsx';
import { Select } from '../ui/select.tsx';
import type { ControlProps } from './control-view.tsx';
import { conditionWords, needsRight } from './condition-words.ts';
import { useNewEntry } from './new-entry.ts';
import { isExpression } from './expression-text.ts';
import { useTyped } from './use-typed.ts';
import './entry.css';
import './conditions.css';

type Group = { readonly all: readonly unknown[] } | { readonly any: readonly unknown[] };

const membersOf = (group: Group): readonly unknown[] => ('all' in group ? group.all : group.any);

/** Conditions of which all, or any, must hold; groups nest. */
export function Conditions({ field, value, onChange }: ControlProps) {
  return <GroupView title={field.title} group={groupOf(value)} onChange={onChange} />;
}

/** A single condition is a group of one. */
function groupOf(value: unknown): Group {
  if (isObject(value) && Array.isArray(value['all'])) return { all: value['all'] };
  if (isObject(value) && Array.isArray(value['any'])) return { any: value['any'] };
  return { all: isObject(value) && 'op' in value ? [value] : [] };
}

interface GroupProps {
  readonly title: string;
  readonly group: Group;
  readonly onChange: (group: Group) => void;
  readonly remove?: () => void;
}

const joins = [
  { value: 'all', title: 'Match all' },
  { value: 'any', title: 'Match any' },
] as const;

function GroupView({ title, group, onChange, remove }: GroupProps) {
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
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly remove: () => void;
}

function Member({ title, value, onChange, remove }: MemberProps) {
  const record = isObject(value) ? value : {};
  if ('all' in record || 'any' in record)
    return (
      <div className="entry">
        <GroupView title={title} group={groupOf(record)} onChange={onChange} remove={remove} />
      </div>
    );
  const op = typeof record['op'] === 'string' ? record['op'] : 'equals';
  const side = (name: 'left' | 'right', says: string) => (
    <Side
      label={`${says} of ${title}`}
      placeholder={name === 'left' ? '{{ $json.total }}' : 'value'}
      value={record[name]}
      put={(next) => onChange({ ...record, op, [name]: next ?? '' })}
    />
  );
  return (
    <div className="entry condition">
      {side('left', 'Left side')}
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
      {needsRight(op) && side('right', 'Right side')}
    </div>
  );
}

interface SideProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: unknown;
  readonly put: (value: unknown) => void;
}

function Side({ label, placeholder, value, put }: SideProps) {
  return (
    <input
      {...useTyped(value, put)}
      className={classes('input sm mono', isExpression(value) && 'is-expression')}
      aria-label={label}
      placeholder={placeholder}
      spellCheck={false}
      autoComplete="off"
    />
  );
}
