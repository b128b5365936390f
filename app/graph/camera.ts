import { size } from './geometry.ts';
import type { Point } from './geometry.ts';
import type { Flow } from './graph.tsx';

/** What looks at the canvas. Places are of the canvas, not of the screen. */
export interface Camera {
  fit(): void;
  /** As far as it can be read; of a large graph the beginning. */
  fitCalmly(): void;
  zoomBy(factor: number): void;
  centre(): Point;
  show(keys: readonly string[]): void;
}

/** A part of the screen, in pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

// Below a card its foot is read too.
const air = { left: 16, top: 16, right: 16, bottom: 32 };

/** How far what is in the area moves so that the box is seen whole: as little as needed, nothing when it is. One that does not fit shows its top left. */
export function nudge(area: Area, box: Area): Point {
  return [
    along(area.left + air.left, area.right - air.right, box.left, box.right),
    along(area.top + air.top, area.bottom - air.bottom, box.top, box.bottom),
  ];
}

function along(from: number, to: number, start: number, end: number): number {
  if (start < from || end - start > to - from) return from - start;
  return Math.min(0, to - end);
}

/** Below this titles are no more read at ease: nobody is taken there unasked. */
export const leastCalm = 0.7;

/** A graph that is seen whole at this size, and not at a larger one, is shown so: its titles are drawn larger than the rest (distance.css). */
export const leastWhole = 0.6;

/** How far and how near the graph is seen at most. */
export const [minZoom, maxZoom] = [0.1, 2];

const margin = 0.1;
/** Where there is little room, so many pixels are left at its edges. */
const leastEdge = 24;

/** Where the camera stands: how far the graph's origin is moved, in pixels of the screen, and how near it is. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** The whole graph where it can be read; of a larger one its beginning, with what stands furthest left at half height. */
export function calmView(boxes: readonly Area[], width: number, height: number): View {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.right));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const open = 1 - 2 * margin;
  const edges = 2 * leastEdge;
  const airy = Math.min(1, (width * open) / (right - left), (height * open) / (bottom - top));
  const tight = Math.min(leastCalm, (width - edges) / (right - left), (height - edges) / (bottom - top));
  const zoom = airy < leastCalm && tight >= leastWhole ? tight : Math.max(airy, leastCalm);
  const first = boxes.find((box) => box.left === left);
  const isWhole = {
    x: (right - left) * zoom <= width - edges + 1e-6,
    y: (bottom - top) * zoom <= height - edges + 1e-6,
  };
  const start = first ? (first.top + first.bottom) / 2 : top;
  return {
    x: isWhole.x ? width / 2 - ((left + right) / 2) * zoom : air.left * 2 - left * zoom,
    y: height / 2 - (isWhole.y ? (top + bottom) / 2 : start) * zoom,
    zoom,
  };
}

/** Shows the graph as far as it can be read. */
export function fitCalmly(flow: Flow, duration: number = lasting(200)): void {
  const room = openArea();
  const nodes = flow.getNodes();
  if (!room || nodes.length === 0) return;
  const boxes = nodes.map(({ position: { x, y }, measured, width, height }): Area => {
    const wide = measured?.width ?? width ?? size.width;
    return { left: x, top: y, right: x + wide, bottom: y + (measured?.height ?? height ?? size.face) };
  });
  void flow.setViewport(calmView(boxes, room.right - room.left, room.bottom - room.top), { duration });
}

const zoomMs = 120;

/** Goes nearer or further in steps: each goes on from where the one before leads, also while that is still on its way. */
function zoomer(flow: Flow | undefined): Camera['zoomBy'] {
  let wanted = 1;
  let until = 0;
  return (factor) => {
    const now = performance.now();
    const from = now < until ? wanted : flow?.getZoom() || 1;
    wanted = Math.min(maxZoom, Math.max(minZoom, from * factor));
    until = now + zoomMs;
    void flow?.zoomTo(wanted, { duration: lasting(zoomMs) });
  };
}

/** What looks at the graph in this page. */
export const cameraOf = (flow: Flow | undefined): Camera => ({
  fit: () => void flow?.fitView({ padding: margin, maxZoom: 1, duration: lasting(200) }),
  fitCalmly: () => flow && whenMoved(() => fitCalmly(flow)),
  zoomBy: zoomer(flow),
  centre: () => {
    const { left, top, right, bottom } = openArea() ?? { left: 0, top: 0, right: 800, bottom: 600 };
    const place = flow?.screenToFlowPosition({ x: (left + right) / 2, y: (top + bottom) / 2 });
    return [place?.x ?? 0, place?.y ?? 0];
  },
  show: (keys) => flow && whenDrawn(flow, keys, 10),
});

/** What was just moved stands there some frames later. */
const whenMoved = (look: () => void): void => void requestAnimationFrame(() => requestAnimationFrame(look));

/** A node that was just added is drawn some frames later; one that is gone meanwhile is not waited for long. */
function whenDrawn(flow: Flow, keys: readonly string[], tries: number): void {
  requestAnimationFrame(() => {
    if (tries > 0 && keys.some((key) => !flow.getNode(key))) whenDrawn(flow, keys, tries - 1);
    else bring(flow, keys);
  });
}

function bring(flow: Flow, keys: readonly string[]): void {
  const boxes = keys.flatMap((key) => boxOf(flow, key) ?? []);
  const area = openArea();
  if (!area || boxes.length === 0) return;
  const [dx, dy] = nudge(area, {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  });
  const { x, y, zoom } = flow.getViewport();
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: lasting(200) });
}

/** Where a node stands on the screen; one that was out of sight was never measured. */
function boxOf(flow: Flow, key: string): Area | undefined {
  const node = flow.getNode(key);
  if (!node) return undefined;
  const { x, y } = flow.flowToScreenPosition(node.position);
  const zoom = flow.getZoom();
  const { width = size.width, height = size.face } = node.measured ?? {};
  return { left: x, top: y, right: x + width * zoom, bottom: y + height * zoom };
}

/** The canvas without what lies over its left edge in a narrow window, and without the bars at its head and foot. */
function openArea(): Area | undefined {
  const room = document.querySelector('.flow-room')?.getBoundingClientRect();
  if (!room) return undefined;
  const flyout = document.querySelector('.side-panel.is-flyout')?.getBoundingClientRect();
  const { right } = room;
  const run = document.querySelector('.flow-room > .runbar')?.getBoundingClientRect();
  const top = run && run.width * 2 > room.width ? Math.max(room.top, run.bottom) : room.top;
  const bar = document.querySelector('.flow-room > .zoom')?.getBoundingClientRect();
  const bottom = bar && bar.width * 3 > room.width ? bar.top : room.bottom;
  return { left: Math.min(Math.max(room.left, flyout?.right ?? 0), right), top, right, bottom };
}

const lasting = (duration: number): number => (matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : duration);

/** Where a panel that opens would cover the only chosen card, the camera makes room for it. Gives the way to stop. */
export function keepInSight(camera: Camera, chosen: () => string | undefined): () => void {
  const room = document.querySelector('.flow-room');
  let before = room?.getBoundingClientRect();
  const look = new ResizeObserver(() => {
    const now = room?.getBoundingClientRect();
    const isLess = before && now && (now.width < before.width || now.height < before.height);
    before = now;
    const key = chosen();
    if (isLess && key !== undefined) camera.show([key]);
  });
  if (room) look.observe(room);
  return () => look.disconnect();
}
