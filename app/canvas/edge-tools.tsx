import { Plus, Trash2 } from 'lucide-react';
import type { Edge } from '../../flow/document/workflow.ts';
import { Tip } from '../ui/tip.tsx';
import { classes } from '../ui/class-names.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { edit, select } from './editing.ts';
import type { Point } from '../graph/geometry.ts';
import { edgeId } from '../graph/selection.ts';
import './edge-tools.css';

interface ToolsProps {
  readonly edge: Edge;
  readonly at: Point;
  /** A pointer is on it, which may only pass by; else it was chosen. */
  readonly isPointedAt: boolean;
}

/** What can be done to an edge, beside the pointer or in its middle. */
export function EdgeTools({ edge, at: [x, y], isPointedAt }: ToolsProps) {
  const desk = useDesk();
  const isChosen = useEditor(({ selection }) => selection.edges.has(edgeId(edge)));
  const isAlone = useEditor(({ selection: { nodes, edges, notes } }) => nodes.size + edges.size + notes.size === 1);
  // Of many that are chosen together each would put its tools over the nodes.
  if (!isPointedAt && !isAlone) return null;
  return (
    <div
      className={classes('float edge-tools nodrag nopan', !isChosen && 'is-passing')}
      style={{ left: x, top: y }}
      role="group"
      aria-label="Connection"
    >
      <Tip text="Insert a node here">
        <button
          type="button"
          className="btn quiet icon"
          aria-label="Insert a node here"
          onClick={() => insert(desk, edge, [x, y])}
        >
          <Plus className="i i-14" aria-hidden />
        </button>
      </Tip>
      <Tip text="Delete the connection">
        <button
          type="button"
          className="btn quiet icon"
          aria-label="Delete the connection"
          onClick={() => cut(desk, edge)}
        >
          <Trash2 className="i i-14" aria-hidden />
        </button>
      </Tip>
    </div>
  );
}

function insert({ store }: Desk, edge: Edge, at: Point): void {
  select(store, { edges: new Set([edgeId(edge)]) });
  store.setState({ picking: { at, edge } });
}

function cut(desk: Desk, edge: Edge): void {
  // The button that had the focus goes away with the edge.
  desk.focus('graph');
  edit(desk.store, { do: 'disconnect', edge }, 'Disconnect');
}
