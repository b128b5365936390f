import { CircleAlert } from 'lucide-react';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Issue } from '../../flow/document/workflow.ts';
import { issueAt } from '../canvas/checking.ts';
import { Segment } from '../ui/segment.tsx';
import { ControlView } from './control-view.tsx';
import { ExpressionField } from './expression-field.tsx';
import { isExpression, toExpression, toFixed } from './expression-text.ts';
import type { Field } from './field.ts';
import { useForm } from './form-context.tsx';

/** What a control of any kind is given. `path` is its place in params as Issues name it. */
export interface ValueProps {
  readonly path: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** A field: its label, a switch between a fixed value and an expression, the control, and help or what is wrong. */
export function FieldView({ field, path, value, onChange }: ValueProps & { field: Field }) {
  const id = useId();
  const { issues } = useForm();
  const [wanted, setWanted] = useState<'fixed' | 'expression'>();
  const mode = isExpression(value) ? 'expression' : (wanted ?? 'fixed');
  const issue = issueAt(issues, path);
  const keepCaret = useCaret(id, mode);
  const type = (next: unknown) => {
    keepCaret();
    onChange(next);
  };
  const change = (next: 'fixed' | 'expression') => {
    setWanted(next);
    onChange(next === 'expression' ? toExpression(value) : toFixed(value));
  };
  const wiring = {
    id,
    'aria-label': field.title,
    'aria-describedby': `${id}-says`,
    'aria-invalid': issue !== undefined,
  };
  return (
    <div className="field" data-field={path}>
      <Top field={field} id={id} mode={mode} change={change} />
      {mode === 'expression' ? (
        <ExpressionField wiring={wiring} value={String(value ?? '')} onChange={type} />
      ) : (
        <ControlView wiring={wiring} field={field} path={path} value={value} onChange={type} />
      )}
      <Says id={`${id}-says`} issue={issue} help={field.help} />
    </div>
  );
}

/** What is typed may turn a fixed value into an expression, which has a control of its own: the caret goes over to it. */
function useCaret(id: string, mode: string): () => void {
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    const control = document.getElementById(id);
    if (caret.current === null || control === document.activeElement) return;
    control?.focus();
    if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement)
      control.setSelectionRange(caret.current, caret.current);
  }, [id, mode]);
  return () => {
    const control = document.activeElement;
    const isText = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement;
    caret.current = isText && control.id === id ? control.selectionStart : null;
  };
}

interface TopProps {
  readonly field: Field;
  readonly id: string;
  readonly mode: 'fixed' | 'expression';
  readonly change: (mode: 'fixed' | 'expression') => void;
}

const modes = [
  { value: 'fixed', title: 'Fixed' },
  { value: 'expression', title: 'Expression' },
] as const;

function Top({ field, id, mode, change }: TopProps) {
  return (
    <div className="field-top">
      <label htmlFor={id} className="cut">
        {field.title}
      </label>
      {!field.required && field.default === undefined && field.control.kind !== 'switch' && (
        <span className="must">optional</span>
      )}
      <span className="grow" />
      {field.isOpen && <Segment label={`How ${field.title} is given`} value={mode} options={modes} onChange={change} />}
    </div>
  );
}

function Says({ id, issue, help }: { id: string; issue: Issue | undefined; help: ReactNode }) {
  if (issue)
    return (
      <div id={id} className="field-error">
        <CircleAlert className="i i-12" aria-hidden />
        <span>
          {issue.message} {issue.mend}
        </span>
      </div>
    );
  return (
    <div id={id} className="field-help">
      {help}
    </div>
  );
}
