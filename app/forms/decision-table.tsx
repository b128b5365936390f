import { Plus, Trash2 } from 'lucide-react';
import { isObject } from '../../flow/document/json.ts';
import { Button } from '../ui/button.tsx';
import type { ControlProps } from './control-view.tsx';
import { useForm } from './form-context.tsx';
import { useKept } from './kept.ts';
import { useTyped } from './use-typed.ts';
import { withValueAt } from './value-at.ts';
import { TextInput } from '../ui/text-input.tsx';
import './decision-table.css';

/** Rows of a decision table: a cell for each column that must hold, then what results. Columns come from the field beside it. */
export function DecisionTable({ field, path, value, onChange }: ControlProps) {
  const { params } = useForm();
  const rows: readonly unknown[] = Array.isArray(value) ? value : [];
  const columns = columnsOf(params['columns']);
  const results = resultsOf(rows);
  const put = (row: number, part: 'when' | 'then', name: string, next: unknown) =>
    onChange(withValueAt(rows, [row, part, name], next));
  const isElsewhere = (name: string, row: number) => resultsOf(rows.toSpliced(row, 1)).includes(name);
  return (
    <div className="decision">
      <table className="table tight">
        <thead>
          <tr>
            {columns.map(({ id, title }) => (
              <th key={id}>{title}</th>
            ))}
            {results.map((name) => (
              <th key={name} className="new">
                {name}
              </th>
            ))}
            <th>
              <span className="sr">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map(({ id, title }) => (
                <Cell
                  key={id}
                  label={`${title}, row ${index + 1}`}
                  empty="any"
                  value={cellOf(row, 'when', id)}
                  put={(next) => put(index, 'when', id, next)}
                />
              ))}
              {results.map((name) => (
                <Cell
                  key={name}
                  label={`${name}, row ${index + 1}`}
                  empty="nothing"
                  value={cellOf(row, 'then', name)}
                  // A result that no row gives would be gone, and its cell with it.
                  put={(next) => put(index, 'then', name, next ?? (isElsewhere(name, index) ? undefined : ''))}
                />
              ))}
              <td>
                <Button
                  tone="quiet"
                  size="sm"
                  className="icon"
                  aria-label={`Remove row ${index + 1}`}
                  onClick={() => onChange(rows.toSpliced(index, 1))}
                >
                  <Trash2 className="i i-12" aria-hidden />
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="row wrap gap-4 decision-foot">
        <Button tone="quiet" size="sm" onClick={() => onChange([...rows, { when: {}, then: {} }])}>
          <Plus className="i i-12" aria-hidden />
          Row
        </Button>
        <NewResult
          path={path}
          add={(name) =>
            onChange(
              rows.length === 0 ? [{ when: {}, then: { [name]: '' } }] : withValueAt(rows, [0, 'then', name], ''),
            )
          }
        />
        <span className="t3 small">{field.help ?? 'An empty cell matches anything.'}</span>
      </div>
    </div>
  );
}

interface CellProps {
  readonly label: string;
  readonly value: unknown;
  /** What an empty cell stands for. */
  readonly empty: string;
  readonly put: (value: unknown) => void;
}

function Cell({ label, value, empty, put }: CellProps) {
  return (
    <td>
      <TextInput
        {...useTyped(value, put)}
        aria-label={label}
        placeholder={empty}
        spellCheck={false}
        autoComplete="off"
      />
    </td>
  );
}

function NewResult({ path, add }: { path: string; add: (name: string) => void }) {
  const [name = '', setName] = useKept<string>(path, 'new-result');
  const take = () => {
    if (name.trim() === '') return;
    add(name.trim());
    setName('');
  };
  return (
    <>
      <TextInput
        className="input sm mono new-result"
        aria-label="Name of a new result"
        placeholder="New result"
        value={name}
        onChange={({ target }) => setName(target.value)}
        onKeyDown={({ key }) => key === 'Enter' && take()}
      />
      <Button tone="quiet" size="sm" disabled={name.trim() === ''} onClick={take}>
        Add result
      </Button>
    </>
  );
}

const cellOf = (row: unknown, part: 'when' | 'then', name: string): unknown => {
  const cells = isObject(row) ? row[part] : undefined;
  return isObject(cells) && Object.hasOwn(cells, name) ? cells[name] : undefined;
};

function columnsOf(columns: unknown): { id: string; title: string }[] {
  if (!Array.isArray(columns)) return [];
  return columns.flatMap((column: unknown) => {
    if (!isObject(column) || typeof column['id'] !== 'string') return [];
    return [{ id: column['id'], title: typeof column['title'] === 'string' ? column['title'] : column['id'] }];
  });
}

/** Every result that a row gives, in the order in which they come. */
const resultsOf = (rows: readonly unknown[]): string[] => [
  ...new Set(rows.flatMap((row) => (isObject(row) && isObject(row['then']) ? Object.keys(row['then']) : []))),
];
