import { useMemo } from 'react';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { isObject } from '../../flow/document/json.ts';
import { FieldView } from './field-view.tsx';
import { fieldsOf } from './fields-of.ts';
import { withValueAt } from './value-at.ts';

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
      {fields.map((field) => (
        <FieldView
          key={field.name}
          field={field}
          path={field.name}
          value={params[field.name]}
          onChange={(value) => {
            const next = withValueAt(params, [field.name], value);
            if (isObject(next)) onChange(next, field.name);
          }}
        />
      ))}
    </div>
  );
}
