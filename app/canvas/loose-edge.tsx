import { Position, ViewportPortal, getBezierPath, useInternalNode } from '@xyflow/react';
import { useEditor } from './desk-context.tsx';
import type { Picking } from './editor-state.ts';
import './loose-edge.css';

/** The edge that was let go over nothing stays drawn while the picker asks what comes there. */
export function LooseEdge() {
  const picking = useEditor((state) => state.picking);
  const end = picking?.from ?? picking?.into;
  return picking && end ? <Loose picking={picking} nodeKey={end.key} port={end.port} /> : null;
}

function Loose({ picking, nodeKey, port }: { picking: Picking; nodeKey: string; port: string }) {
  const node = useInternalNode(nodeKey);
  const side = picking.from ? 'source' : 'target';
  const handles = node?.internals.handleBounds?.[side] ?? [];
  const handle = handles.find(({ id }) => id === port) ?? handles[0];
  if (!node || !handle) return null;
  const { x, y } = node.internals.positionAbsolute;
  const [toX, toY] = picking.at;
  const [path] = getBezierPath({
    sourceX: x + handle.x + handle.width / 2,
    sourceY: y + handle.y + handle.height / 2,
    sourcePosition: handle.position,
    targetX: toX,
    targetY: toY,
    targetPosition: side === 'source' ? Position.Left : Position.Right,
  });
  return (
    <ViewportPortal>
      <svg className="loose-edge" data-from={nodeKey} aria-hidden>
        <path className="react-flow__connection-path" d={path} fill="none" />
        <circle cx={toX} cy={toY} r={4} />
      </svg>
    </ViewportPortal>
  );
}
