import { Link } from 'wouter';
import { useDesk, useEditor } from './desk-context.tsx';
import { mayEdit } from './may-edit.ts';
import { NodeIcon } from '../graph/node-icon.tsx';
import { addBeside } from './palette.tsx';
import './empty-canvas.css';

/** What stands on a canvas without nodes: the one next step, which is a start. */
export function EmptyCanvas() {
  const desk = useDesk();
  const isEmpty = useEditor(({ history, picking }) => history.document.nodes.length === 0 && !picking);
  const index = useEditor((state) => state.index);
  const may = useEditor(mayEdit);
  if (!isEmpty) return null;
  if (!may)
    return (
      <div className="canvas-empty">
        <h2 className="title">Nothing is drawn here yet</h2>
        <p className="t2 small">An editor of this workspace adds the first node.</p>
      </div>
    );
  const starts = index.filter(({ role }) => role === 'start');
  return (
    <div className="canvas-empty">
      <h2 className="title">What starts this workflow?</h2>
      <p className="t2 small">
        Choose a start, press <kbd>N</kbd> for any node, or take a finished one from the{' '}
        <Link href="/gallery">gallery</Link>.
      </p>
      <div className="canvas-starts" role="group" aria-label="Starts">
        {starts.map((card) => (
          <button
            key={card.type}
            type="button"
            className="btn"
            data-family={card.family}
            onClick={() => {
              addBeside(desk, card);
              // The button goes away with the empty canvas.
              desk.focus('canvas');
            }}
          >
            <span className="tile sm">
              <NodeIcon name={card.icon} size={14} />
            </span>
            {card.title}
          </button>
        ))}
      </div>
    </div>
  );
}
