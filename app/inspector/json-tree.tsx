import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { classes } from '../ui/class-names.ts';
import { linesOf, preview } from './json-lines.ts';
import type { JsonLine } from './json-lines.ts';
import './json-tree.css';

interface JsonTreeProps {
  readonly items: readonly unknown[];
  /** Which of them are shown. */
  readonly indexes: readonly number[];
  readonly label: string;
  /** How deep it stands open at first. */
  readonly depth: number;
  readonly current: JsonLine | undefined;
  readonly choose: (line: JsonLine) => void;
}

const lineHeight = 22;

/** Values as a tree that opens and closes; one line is current, moved by arrows and by the pointer. Only what is seen is drawn. */
export function JsonTree({ items, indexes, label, depth, current, choose }: JsonTreeProps) {
  const room = useRef<HTMLDivElement>(null);
  const base = useId();
  const [told, setTold] = useState<ReadonlyMap<string, boolean>>(new Map());
  const lines = useMemo(() => linesOf(items, indexes, { told, depth }), [items, indexes, told, depth]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => room.current,
    estimateSize: () => lineHeight,
    overscan: 12,
  });
  const place = current ? lines.findIndex(({ id }) => id === current.id) : -1;
  // A line that is scrolled away is not drawn: nothing may point at it.
  const isDrawn = rows.getVirtualItems().some(({ index }) => index === place);
  const fold = (line: JsonLine, isOpen: boolean) => setTold(new Map(told).set(line.id, isOpen));
  const go = (to: number) => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, to))];
    if (!line) return;
    choose(line);
    rows.scrollToIndex(lines.indexOf(line));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[place];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowDown: () => go(place + 1),
      ArrowUp: () => go(place < 0 ? 0 : place - 1),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      ArrowRight: () => (line?.isBranch && !line.isOpen ? fold(line, true) : go(place + 1)),
      ArrowLeft: () =>
        line?.isOpen
          ? fold(line, false)
          : go(line ? lines.findLastIndex((one, at) => at < place && one.depth < line.depth) : 0),
      Enter: () => line?.isBranch && fold(line, !line.isOpen),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div
      className="scrolls json"
      ref={room}
      role="tree"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={isDrawn ? `${base}${place}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="none" className="all-rows" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          return (
            line && (
              <Line
                key={line.id}
                id={`${base}${index}`}
                line={line}
                top={start}
                isCurrent={index === place}
                press={() => {
                  choose(line);
                  if (line.isBranch) fold(line, !line.isOpen);
                }}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  readonly id: string;
  readonly line: JsonLine;
  readonly top: number;
  readonly isCurrent: boolean;
  readonly press: () => void;
}

const tones = { text: 's', number: 'n', word: 'l', object: 'p', list: 'p' } as const;

function Line({ id, line, top, isCurrent, press }: LineProps) {
  const { depth, name, kind, isBranch, isOpen, value, item } = line;
  const Twist = isOpen ? ChevronDown : ChevronRight;
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={isBranch ? isOpen : undefined}
      aria-selected={isCurrent}
      className={classes('json-line json-row', !isBranch && 'leaf', isCurrent && 'on')}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 10 + depth * 14 }}
      onClick={press}
    >
      {isBranch && <Twist className="i" aria-hidden />}
      {depth === 0 ? <span className="t3 num">{item + 1}</span> : <span className="k">{name}</span>}
      <span className="p">:</span>
      <span className={classes('cut', tones[kind])}>{isOpen ? (kind === 'list' ? '[' : '{') : preview(value)}</span>
    </div>
  );
}
