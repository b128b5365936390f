import { memo, useMemo } from 'react';
import type { KeyboardEvent } from 'react';
import type { Issue } from '../../flow/document/workflow.ts';
import { classes } from '../ui/class-names.ts';
import { Mark } from '../ui/mark.tsx';
import { wornMark } from '../graph/picture.ts';
import type { Mark as MarkState } from '../graph/picture.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { select } from './editing.ts';
import { mayEdit } from './may-edit.ts';
import { NodeIcon } from '../graph/node-icon.tsx';
import { worst } from '../graph/flow-model.ts';
import { useLineOf } from '../graph/lines.ts';
import { outlineOf } from './outline-rows.ts';
import { TitleInput } from './title-input.tsx';
import { usePicture, useTrouble } from './use-shown.ts';
import type { OutlineRow } from './outline-rows.ts';
import './Editor.css';
import './outline.css';

/** The canvas as a tree: the same nodes, selection and commands, for keyboards and screen readers. */
export default function Outline() {
  const document = useEditor(({ history }) => history.document);
  const catalogue = useEditor((state) => state.catalogue);
  const lineOf = useLineOf(document);
  const rows = useMemo(() => outlineOf(document, catalogue, lineOf), [document, catalogue, lineOf]);
  const { loud, quiet } = useTrouble();
  const may = useEditor(mayEdit);
  const picture = usePicture();
  return (
    <aside className="panel side-panel is-flyout" aria-label="Outline">
      <h2 className="panel-head strong">Outline</h2>
      <div className="scrolls side-list">
        {rows.length === 0 && <p className="empty">There are no nodes yet.{may && ' Press N to add one.'}</p>}
        <div role="tree" aria-label="Nodes" aria-multiselectable tabIndex={-1} onKeyDown={(event) => walk(event)}>
          {rows.map((row, index) => (
            <Row
              key={row.id}
              row={row}
              isFirst={index === 0}
              state={wornMark(picture?.nodes.get(row.key))}
              issue={worst([...(loud.get(row.key) ?? []), ...(quiet.get(row.key) ?? [])])}
            />
          ))}
        </div>
      </div>
    </aside>
  );
}

/** Up and down go from row to row; everything else is left to the editor's commands. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.target instanceof HTMLInputElement) return;
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const isEnd = event.key === 'Home' || event.key === 'End';
  if (step === 0 && !isEnd) return;
  event.preventDefault();
  event.stopPropagation();
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')];
  const here = rows.findIndex((row) => row === document.activeElement);
  const next = isEnd ? rows.at(event.key === 'Home' ? 0 : -1) : rows[here + step];
  next?.focus();
}

interface RowProps {
  readonly row: OutlineRow;
  readonly isFirst: boolean;
  /** How its node stands in the run that is shown. */
  readonly state: MarkState | undefined;
  /** What is wrong with it. */
  readonly issue: Issue | undefined;
}

const Row = memo(function Row({ row, isFirst, state, issue }: RowProps) {
  const desk = useDesk();
  const isChosen = useEditor(({ selection }) => selection.nodes.has(row.key));
  const isOnly = useEditor(({ selection }) => selection.nodes.size === 0);
  const choose = () => {
    if (!isChosen) select(desk.store, { nodes: new Set([row.key]) });
    desk.camera.show([row.key]);
  };
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={isChosen}
      aria-label={[row.by === undefined ? row.title : `${row.title} · ${row.by}`, row.line, state, issue?.message]
        .filter(Boolean)
        .join(', ')}
      tabIndex={isChosen || (isOnly && isFirst) ? 0 : -1}
      data-focus={isChosen || (isOnly && isFirst) ? 'outline' : undefined}
      data-family={row.family}
      style={{ paddingLeft: Math.min(row.depth, 8) * 12 }}
      onFocus={choose}
      onClick={choose}
    >
      <span className={classes('outline-row')}>
        <span className="tile sm">
          <NodeIcon name={row.icon} size={14} />
        </span>
        <span className="grow cut" title={row.by && `${row.title} · ${row.by}`}>
          <TitleInput nodeKey={row.key} title={row.title} where="outline" />
          {row.by && <span className="t3"> · {row.by}</span>}
        </span>
        {state && <Mark state={state} small />}
        {issue && (
          <span title={issue.message}>
            <Mark state={issue.level === 'error' ? 'failed' : 'doubt'} small />
          </span>
        )}
      </span>
    </div>
  );
});
