import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Waits } from '../../flow/facts/waits.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { cameraOf, fitCalmly } from '../graph/camera.ts';
import { Graph } from '../graph/graph.tsx';
import type { Flow } from '../graph/graph.tsx';
import { nothing } from '../graph/selection.ts';
import type { Selection } from '../graph/selection.ts';
import { pictureOf } from './run-picture.ts';
import { withWaits } from './wait-words.ts';

interface RunGraphProps {
  readonly document: Workflow;
  readonly catalogue: Catalogue;
  readonly steps: readonly RunStep[];
  readonly waits: Waits | undefined;
  /** Nothing more will happen in the run. */
  readonly isOver: boolean;
  /** The iteration that is looked at. */
  readonly turn: string | undefined;
  readonly chosen: string | undefined;
  readonly choose: (key: string) => void;
  readonly children?: ReactNode;
}

/** The version that ran, with the run laid over it; a node that is chosen is its last step. */
export function RunGraph({ document, catalogue, steps, waits, isOver, turn, chosen, choose, children }: RunGraphProps) {
  const picture = useMemo(
    () => withWaits(pictureOf(document, steps, catalogue, { turn, isOver, waits }), steps, waits, turn),
    [document, steps, catalogue, turn, isOver, waits],
  );
  const [flow, setFlow] = useState<Flow>();
  const scene = useMemo(
    () => ({
      document,
      catalogue,
      selection: chosen === undefined ? nothing : { ...nothing, nodes: new Set([chosen]) },
      issues: new Map(),
      picture,
      isReadOnly: true,
    }),
    [document, catalogue, chosen, picture],
  );
  // React Flow tells a selection whenever it is given one: only what a person chose is news, and it is told with what is true then.
  const latest = useRef({ chosen, choose });
  latest.current = { chosen, choose };
  const select = useMemo(
    () => (selection: Selection) => {
      const [key] = selection.nodes;
      if (key !== undefined && selection.nodes.size === 1 && key !== latest.current.chosen) latest.current.choose(key);
    },
    [],
  );
  const room = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!flow || !room.current) return;
    // The graph is fitted anew when its room changes, as it does when a panel is resized; what one came to see stays in sight.
    const watch = new ResizeObserver(([seen]) => {
      if (!seen || seen.contentRect.width === 0) return;
      fitCalmly(flow, 0);
      const { chosen: key } = latest.current;
      if (key !== undefined) cameraOf(flow).show([key]);
    });
    watch.observe(room.current);
    return () => watch.disconnect();
  }, [flow]);
  // What one comes to see is told after the graph is there, and changes with what is chosen beside it.
  useEffect(() => {
    if (flow && chosen !== undefined && room.current?.clientWidth) cameraOf(flow).show([chosen]);
  }, [flow, chosen]);
  return (
    <div className={document.nodes.length > 12 ? 'flow-room' : 'flow-room is-small'} ref={room} data-toasts>
      <ReactFlowProvider>
        <Graph scene={scene} select={select} onReady={setFlow} />
      </ReactFlowProvider>
      {children}
    </div>
  );
}
