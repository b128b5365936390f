import { CircleAlert, X } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import type { Issue } from '../../flow/document/workflow.ts';
import { issueAt } from './issue-at.ts';
import { Button } from '../ui/button.tsx';
import { leaves } from '../ui/leaves.ts';
import { useReadOnly } from '../ui/viewed.tsx';
import { Segment } from '../ui/segment.tsx';
import { ControlView } from './control-view.tsx';
import { ExpressionField } from './expression-field.tsx';
import { isExpression, toExpression, toFixed } from './expression-text.ts';
import { isLineControl } from './field.ts';
import type { Control, Field } from './field.ts';
import { useForm } from './form-context.tsx';
import { useKept } from './kept.ts';
import { useCaret } from './use-caret.ts';

/** What a control of any kind is given. `path` is its place in params as Issues name it. */
export interface ValueProps {
  readonly path: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

interface FieldViewProps extends ValueProps {
  readonly field: Field;
  /** Its name where its title alone does not tell it from others: “Left side of Condition 1”. */
  readonly name?: string;
  /** Takes an option back, with its value. */
  readonly remove?: () => void;
}

/** A field: its label, a switch between a fixed value and an expression, the control, and help or what is wrong. */
export function FieldView({ field, name = field.title, path, value, onChange, remove }: FieldViewProps) {
  const id = useId();
  const { issues: all, leave } = useForm();
  const issues = all.filter(isSaidHere);
  const [wanted, setWanted] = useKept<'fixed' | 'expression'>(path, 'mode');
  // Whoever empties an expression, or types over it, still writes in its control: another would have nothing to take back.
  const [isHeld, setHeld] = useState(false);
  const mode = (isExpression(value) && field.isLiteral !== true) || isHeld ? 'expression' : (wanted ?? 'fixed');
  const issue = saysInside(field.control) ? issues.find(({ where }) => where.param === path) : issueAt(issues, path);
  const keepCaret = useCaret(id, mode);
  const type = (next: unknown) => {
    keepCaret();
    setHeld(mode === 'expression');
    onChange(next);
  };
  // What only an expression can say is not lost by a look at the other side.
  const [left, keepLeft] = useKept<unknown>(path, 'expression');
  const change = (next: 'fixed' | 'expression') => {
    if (next === mode) return;
    setWanted(next);
    setHeld(false);
    if (next === 'fixed') keepLeft(value);
    onChange(
      next === 'fixed' ? toFixed(value) : value === undefined ? (left ?? toExpression(value)) : toExpression(value),
    );
  };
  const wiring = {
    id,
    'aria-label': name,
    'aria-describedby': `${id}-says`,
    'aria-invalid': issue?.level === 'error',
  };
  return (
    <div
      className="field"
      data-field={path}
      onBlur={(event) => {
        if (!leaves(event)) return;
        setHeld(false);
        leave?.(path);
      }}
    >
      <Top field={field} name={name} id={id} mode={mode} change={change} remove={remove} />
      {mode === 'expression' ? (
        <ExpressionField
          wiring={wiring}
          value={String(value ?? '')}
          onChange={type}
          told={issue?.message}
          asJson={field.control.kind === 'json' ? field.title : undefined}
        />
      ) : (
        <ControlView wiring={wiring} field={field} path={path} value={value} onChange={type} />
      )}
      <Says id={`${id}-says`} issue={issue} help={field.help} />
    </div>
  );
}

interface TopProps {
  readonly field: Field;
  readonly name: string;
  readonly id: string;
  readonly mode: 'fixed' | 'expression';
  readonly change: (mode: 'fixed' | 'expression') => void;
  readonly remove: (() => void) | undefined;
}

/** A row of names with values says itself what keeps it from being stored. */
const isSaidHere = ({ code }: Issue): boolean => !code.startsWith('row-');

/** Whether the fields inside of a control say themselves what is wrong with them. */
function saysInside(control: Control): boolean {
  if (control.kind === 'object' || control.kind === 'variants' || control.kind === 'conditions') return true;
  return control.kind === 'list' && (isLineControl(control.entry.control) || saysInside(control.entry.control));
}

const modes = [
  { value: 'fixed', title: 'Fixed' },
  { value: 'expression', title: 'Expression' },
] as const;

function Top({ field, name, id, mode, change, remove }: TopProps) {
  const isReadOnly = useReadOnly();
  return (
    <div className="field-top">
      <label htmlFor={id} className="cut">
        {field.title}
      </label>
      {!remove && !field.required && field.default === undefined && field.control.kind !== 'switch' && (
        <span className="must">optional</span>
      )}
      <span className="grow" />
      {field.isOpen && !isReadOnly && (
        <Segment label={`How ${name} is given`} value={mode} options={modes} onChange={change} />
      )}
      {remove && !isReadOnly && (
        <Button tone="quiet" size="sm" className="icon" aria-label={`Remove ${field.title}`} onClick={remove}>
          <X className="i i-12" aria-hidden />
        </Button>
      )}
    </div>
  );
}

export function Says({ id, issue, help }: { id: string; issue: Issue | undefined; help: ReactNode }) {
  if (issue)
    return (
      <div id={id} className={issue.level === 'error' ? 'field-error' : 'field-warning'}>
        <CircleAlert className="i i-12" aria-hidden />
        <span>{`${issue.message} ${issue.mend}`.trim()}</span>
      </div>
    );
  return (
    <div id={id} className="field-help">
      {help}
    </div>
  );
}
