import { EdgeLabelRenderer, Position, getBezierPath } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { Plus, Trash2 } from 'lucide-react';
import { memo, use } from 'react';
import { count } from '../inspector/figures.ts';
import type { EdgeState } from '../inspector/run-picture.ts';
import { classes } from '../ui/class-names.ts';
import { DeskContext } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { edit } from './editing.ts';
import type { ThreadEdge } from './flow-model.ts';
import { leadsBack, pathBack } from './way-back.ts';

/** An edge: thicker the more it carried, stitched while what follows works, with its count in the middle and tools when pointed at. */
export const ThreadView = memo(function ThreadView(props: EdgeProps<ThreadEdge>) {
  const { selected, data } = props;
  const [path, x, y] = pathOf(props);
  const state = data?.state;
  const isHot = selected || state?.isLive;
  const hasTools = selected && data && !data.isReadOnly;
  // A portal an edge costs more than the edge: only those that have something to say get one.
  const carried = state?.count ?? 0;
  const hasLabel = hasTools || carried > 0;
  return (
    <>
      {isHot && <path className="band" d={path} />}
      <path className={threadClass(state, selected)} d={path} />
      <path className="react-flow__edge-interaction" d={path} fill="none" strokeOpacity={0} strokeWidth={20} />
      {hasLabel && (
        <EdgeLabelRenderer>
          {state && carried > 0 && (
            <span
              className={classes('count', state.isLive && 'is-live', state.isFailed && 'is-failed')}
              style={{ left: x, top: y }}
            >
              {count(carried)}
            </span>
          )}
          {hasTools && <Tools edge={data.edge} x={x} y={y} />}
        </EdgeLabelRenderer>
      )}
    </>
  );
});

function pathOf(props: EdgeProps<ThreadEdge>): readonly [path: string, x: number, y: number] {
  const { sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data } = props;
  if (targetPosition !== Position.Left || !leadsBack(sourceX, targetX)) {
    const [path, x, y] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition });
    return [path, x, y];
  }
  // While a card is dragged its edge leads back before the document knows.
  const height = data?.height ?? Math.min(sourceY, targetY) - 64;
  return [pathBack([sourceX, sourceY], [targetX, targetY], height), (sourceX + targetX) / 2, height];
}

const threadClass = (state: EdgeState | undefined, selected: boolean | undefined): string =>
  classes(
    'thread',
    selected && 'is-selected',
    state?.isLive && 'is-running',
    state?.isFailed && 'is-failed',
    state?.isSkipped && 'is-skipped',
    (state?.count ?? 0) > 100 ? 'w3' : (state?.count ?? 0) > 10 && 'w2',
  );

function Tools({ edge, x, y }: { edge: { from: string; to: string }; x: number; y: number }) {
  const desk = use(DeskContext);
  if (!desk) return null;
  return (
    <div className="float edge-tools nodrag nopan" style={{ left: x, top: y + 22 }}>
      <button
        type="button"
        className="btn quiet icon"
        aria-label="Insert a node here"
        onClick={() => desk.store.setState({ picking: { at: [x, y + 24], edge } })}
      >
        <Plus className="i i-14" aria-hidden />
      </button>
      <button
        type="button"
        className="btn quiet icon"
        aria-label="Delete the connection"
        onClick={() => cut(desk, edge)}
      >
        <Trash2 className="i i-14" aria-hidden />
      </button>
    </div>
  );
}

const cut = ({ store }: Desk, edge: { from: string; to: string }) =>
  edit(store, { do: 'disconnect', edge }, 'Disconnect');
