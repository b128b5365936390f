import { useMemo } from 'react';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { fieldsOf } from './fields-of.ts';
import { FieldsView } from './fields-view.tsx';
import { withValues } from './value-at.ts';
import './param-form.css';

interface ParamFormProps {
  readonly card: NodeCard;
  readonly node: Node;
  /** `name` is the param that was changed: what is typed into one field is one step for undo. */
  readonly onChange: (params: Readonly<Record<string, unknown>>, name: string) => void;
}

/** The form of a node, made from its card. */
export function ParamForm({ card, node, onChange }: ParamFormProps) {
  const fields = useMemo(() => fieldsOf(card), [card]);
  const params = node.params ?? {};
  if (fields.length === 0) return <p className="empty">This node has nothing to set.</p>;
  return (
    <div className="form">
      <FieldsView
        fields={fields}
        values={params}
        pathOf={(name) => name}
        change={(values, name) => onChange(withValues(params, values), name)}
      />
    </div>
  );
}
