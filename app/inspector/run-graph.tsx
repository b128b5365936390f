import { ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { RunStep } from '../api/run.ts';
import { Graph } from '../canvas/graph.tsx';
import type { Flow } from '../canvas/graph.tsx';
import { nothing } from '../canvas/piece.ts';
import type { Selection } from '../canvas/piece.ts';
import { pictureOf } from './run-picture.ts';

interface RunGraphProps {
  readonly document: Workflow;
  readonly catalogue: Catalogue;
  readonly steps: readonly RunStep[];
  readonly chosen: string | undefined;
  readonly choose: (key: string) => void;
}

/** The version that ran, with the run laid over it; a node that is chosen is its last step. */
export function RunGraph({ document, catalogue, steps, chosen, choose }: RunGraphProps) {
  const picture = useMemo(() => pictureOf(document, steps), [document, steps]);
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
    // The graph stays whole when its room changes, as it does when a panel is resized.
    const watch = new ResizeObserver(() => void flow.fitView({ padding: 0.16, maxZoom: 1 }));
    watch.observe(room.current);
    return () => watch.disconnect();
  }, [flow]);
  return (
    <div className={document.nodes.length > 12 ? 'flow-room' : 'flow-room is-small'} ref={room}>
      <ReactFlowProvider>
        <Graph scene={scene} select={select} onReady={setFlow} />
      </ReactFlowProvider>
    </div>
  );
}
