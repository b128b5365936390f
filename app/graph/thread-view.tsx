import { EdgeLabelRenderer, Position, getBezierPath } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { memo, use } from 'react';
import { count } from '../ui/figures.ts';
import type { EdgeState } from './picture.ts';
import { classes } from '../ui/class-names.ts';
import { GraphPartsContext } from './parts.ts';
import { useHover } from './use-hover.ts';
import type { ThreadEdge } from './flow-model.ts';
import { leadsBack, pathBack } from './way-back.ts';
import './thread-view.css';

/** An edge: thicker the more it carried, stitched while what follows works, with its count in the middle and tools when pointed at. */
export const ThreadView = memo(function ThreadView(props: EdgeProps<ThreadEdge>) {
  const { selected, data } = props;
  const [path, x, y] = pathOf(props);
  const state = data?.state;
  const isHot = selected || state?.isLive;
  const { hovered, watch } = useHover();
  const parts = use(GraphPartsContext);
  const edge = data && parts && !data.isReadOnly ? data.edge : undefined;
  const tools = !edge ? undefined : (hovered ?? (selected ? ([x, y + 22] as const) : undefined));
  // A portal an edge costs more than the edge: only those that have something to say get one.
  const carried = state?.count ?? 0;
  const hasLabel = tools !== undefined || carried > 0;
  return (
    <g {...(edge ? watch : {})}>
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
          {parts && edge && tools && <parts.EdgeTools edge={edge} at={tools} isPointedAt={hovered !== undefined} />}
        </EdgeLabelRenderer>
      )}
    </g>
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
