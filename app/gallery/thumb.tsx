import type { Example } from '../api/gallery.ts';
import type { NodeEntry } from '../../flow/contract/node.ts';
import { counted } from '../ui/when.ts';
import { columnsOf } from './layers.ts';
import './thumb.css';

const node = { width: 44, height: 18 };
const step = { x: 66, y: 32 };
const box = { width: 420, height: 168 };

interface ThumbProps {
  readonly example: Example;
  readonly cards: ReadonlyMap<string, NodeEntry>;
  readonly height: number;
}

/**
 * A workflow at a glance: its nodes as small cards in their families' colours, and how they hang together. Every picture has the same scale;
 * what is longer than it is wide goes on in the next line, where threads between lines are cut to stubs.
 */
export function Thumb({ example, cards, height }: ThumbProps) {
  const { places, width, tall } = placed(columnsOf(example));
  const scale = Math.min(1, (box.height - 24) / tall);
  const at = (end: string) => places.get(end.split('.')[0] ?? '') ?? { x: 0, y: 0, line: 0 };
  return (
    <svg
      className="thumb"
      viewBox={`0 0 ${box.width} ${box.height}`}
      style={{ height }}
      role="img"
      aria-label={counted(example.nodes.length, 'node')}
    >
      <g transform={`translate(${(box.width - width * scale) / 2} ${(box.height - tall * scale) / 2}) scale(${scale})`}>
        {example.edges.map(({ from, to }) => (
          <path key={`${from} ${to}`} className="tt" d={threadOf(at(from), at(to))} />
        ))}
        {example.nodes.map(({ key, type }) => (
          <NodeThumb key={key} place={at(key)} family={cards.get(type)?.family ?? familyOf(type)} />
        ))}
      </g>
    </svg>
  );
}

interface ThumbPlace {
  readonly x: number;
  readonly y: number;
  readonly line: number;
}

const mostColumns = 6;

/** Columns into lines of at most six, as even as they go. */
function placed(columns: readonly (readonly string[])[]) {
  const lines = Math.ceil(columns.length / mostColumns);
  const perLine = Math.ceil(columns.length / Math.max(1, lines));
  const places = new Map<string, ThumbPlace>();
  let top = 0;
  for (let line = 0; line < lines; line += 1) {
    const members = columns.slice(line * perLine, (line + 1) * perLine);
    const rows = Math.max(1, ...members.map((keys) => keys.length));
    for (const [column, keys] of members.entries())
      for (const [row, key] of keys.entries())
        places.set(key, { x: column * step.x, y: top + (row + (rows - keys.length) / 2) * step.y, line });
    top += rows * step.y + 8;
  }
  return { places, width: (perLine - 1) * step.x + node.width, tall: top - step.y - 8 + node.height + 4 };
}

function NodeThumb({ place: { x, y }, family }: { place: ThumbPlace; family: string }) {
  const inner = node.height - 1;
  return (
    <g data-family={family} transform={`translate(${x} ${y})`}>
      <rect className="tc" width={node.width} height={node.height} rx={4} />
      <path className="ts" d={`M4 .5h9v${inner}h-9a3.5 3.5 0 0 1 -3.5 -3.5v-${inner - 7}a3.5 3.5 0 0 1 3.5 -3.5z`} />
      <circle className="td" cx={7} cy={node.height / 2} r={2.2} />
      <path className="tl" d="M18 7h18" />
      <path className="tl2" d="M18 11.5h11" />
    </g>
  );
}

function threadOf(one: ThumbPlace, other: ThumbPlace): string {
  const from = { x: one.x + node.width, y: one.y + node.height / 2 };
  const to = { x: other.x, y: other.y + node.height / 2 };
  if (one.line !== other.line) return `M${from.x} ${from.y}h10M${to.x - 10} ${to.y}h10`;
  if (to.x < from.x) return loopBack(from, to);
  const bend = Math.max(10, (to.x - from.x) / 2);
  return `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
}

/** Over the top, never through a card. */
function loopBack(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const top = Math.min(from.y, to.y) - node.height / 2 - 9;
  return `M${from.x} ${from.y}c9 0 9 ${top - from.y} 0 ${top - from.y}H${to.x}c-9 0 -9 ${to.y - top} 0 ${to.y - top}`;
}

const families: Record<string, string> = {
  start: 'trigger',
  connect: 'connector',
  data: 'etl',
  rules: 'rule',
  control: 'flow',
  code: 'code',
  ai: 'ai',
  channel: 'channel',
  entity: 'data',
};

/** From the type's name, until the cards are there. */
const familyOf = (type: string): string => families[type.split('.')[0] ?? ''] ?? 'flow';
