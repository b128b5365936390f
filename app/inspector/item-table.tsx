import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { cellText, columnsOf } from './columns.ts';
import type { Column } from './columns.ts';
import { GapRow } from '../ui/gap-row.tsx';
import './item-table.css';

interface ItemTableProps {
  readonly items: readonly unknown[];
  /** Which of them are shown. */
  readonly indexes: readonly number[];
  readonly label: string;
  readonly current: number | undefined;
  /** Tells of the item that was chosen, and of the column when it was by a cell. */
  readonly choose: (item: number, column?: string) => void;
}

/** Items as rows. One is current, moved by arrows and by the pointer; only what is seen is drawn, so that 10,000 scroll as well as ten. */
export function ItemTable({ items, indexes, label, current, choose }: ItemTableProps) {
  const room = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => columnsOf(items), [items]);
  const rows = useVirtualizer({
    count: indexes.length,
    getScrollElement: () => room.current,
    estimateSize: () => 27,
    overscan: 12,
  });
  const seen = rows.getVirtualItems();
  const above = seen[0]?.start ?? 0;
  const below = rows.getTotalSize() - (seen.at(-1)?.end ?? 0);
  const onKeyDown = (event: KeyboardEvent) => {
    const place = current === undefined ? -1 : indexes.indexOf(current);
    const page = Math.floor((room.current?.clientHeight ?? 270) / 27) - 1;
    const to = {
      ArrowDown: place + 1,
      ArrowUp: place - 1,
      PageDown: place + page,
      PageUp: place - page,
      Home: 0,
      End: Infinity,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(indexes.length - 1, to));
    const item = indexes[next];
    if (item !== undefined) choose(item);
    rows.scrollToIndex(next);
  };
  return (
    <div className="scrolls" ref={room} tabIndex={0} role="region" aria-label={label} onKeyDown={onKeyDown}>
      <table className="table tight items" aria-rowcount={indexes.length + 1}>
        <Head columns={columns} />
        <tbody>
          <GapRow height={above} />
          {seen.map(({ index }) => {
            const item = indexes[index] ?? 0;
            return (
              <tr
                key={item}
                aria-rowindex={index + 2}
                className={item === current ? 'on' : undefined}
                aria-current={item === current || undefined}
              >
                <td className="right t3" onClick={() => choose(item)}>
                  {item + 1}
                </td>
                {columns.map(({ name, isNumber }) => {
                  const text = cellText(items[item], name);
                  return (
                    <td
                      key={name}
                      className={isNumber ? 'right' : undefined}
                      title={text.length > 36 ? text : undefined}
                      onClick={() => choose(item, name)}
                    >
                      {text}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          <GapRow height={below} />
        </tbody>
      </table>
    </div>
  );
}

const Head = ({ columns }: { columns: readonly Column[] }) => (
  <thead>
    <tr>
      <th className="right">#</th>
      {columns.map(({ name, type, isNumber }) => (
        <th key={name} className={isNumber ? 'right' : undefined}>
          {name} <span className="type">{type}</span>
        </th>
      ))}
    </tr>
  </thead>
);
