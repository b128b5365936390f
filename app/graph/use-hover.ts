import { useReactFlow } from '@xyflow/react';
import { useMemo, useState } from 'react';
import type { PointerEvent } from 'react';
import type { Point } from './geometry.ts';

/** So far the pointer goes along an edge before its tools follow, in pixels of the screen: what runs away is not hit. */
const follows = 64;

/** Tools keep clear of the edge itself, which is pressed too: below it, or right of it where it is steep. */
const below = 27;
const beside = 36;

/** Where the tools of an edge stand for a pointer that rests on it. */
export function useHover() {
  const [hovered, setHovered] = useState<Hovered>();
  const { screenToFlowPosition } = useReactFlow();
  const watch = useMemo(() => {
    const look = ({ clientX, clientY, buttons, pointerType, target, currentTarget }: PointerEvent<SVGGElement>) => {
      const path = currentTarget.querySelector<SVGPathElement>('.thread');
      // Somebody drags something over it, or is already at the tools.
      if (buttons !== 0 || pointerType === 'touch' || !path || !(target instanceof SVGElement)) return;
      if (target.closest('.edge-tools')) return;
      setHovered((old) => {
        if (old && Math.hypot(old.pointer[0] - clientX, old.pointer[1] - clientY) < follows) return old;
        const { x, y, isSteep } = nearestOn(path, clientX, clientY);
        const at = screenToFlowPosition(
          { x: x + (isSteep ? beside : 0), y: y + (isSteep ? 0 : below) },
          { snapToGrid: false },
        );
        return { pointer: [clientX, clientY], at: [at.x, at.y] };
      });
    };
    return { onPointerEnter: look, onPointerMove: look, onPointerLeave: () => setHovered(undefined) };
  }, [screenToFlowPosition]);
  return { hovered: hovered?.at, watch };
}

interface Hovered {
  /** On the screen. */
  readonly pointer: Point;
  /** On the canvas. */
  readonly at: Point;
}

/** The point of a path that is nearest to one of the screen, found in 48 steps along it. */
function nearestOn(path: SVGPathElement, clientX: number, clientY: number) {
  const matrix = path.getScreenCTM() ?? undefined;
  const long = path.getTotalLength();
  const points = Array.from({ length: 49 }, (_, step) =>
    path.getPointAtLength((long * step) / 48).matrixTransform(matrix),
  );
  const far = ({ x, y }: DOMPoint) => Math.hypot(x - clientX, y - clientY);
  const index = points.reduce((best, point, at) => (far(point) < far(points[best] ?? point) ? at : best), 0);
  const [before, here, after] = [points[Math.max(0, index - 1)], points[index], points[Math.min(48, index + 1)]];
  if (!before || !here || !after) return { x: clientX, y: clientY, isSteep: false };
  return { x: here.x, y: here.y, isSteep: Math.abs(after.y - before.y) > Math.abs(after.x - before.x) };
}
