import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { Segment } from '../ui/segment.tsx';
import { cellText, columnsOf } from './columns.ts';
import { count } from './figures.ts';

type Look = 'table' | 'json';
const looks = [
  { value: 'table', title: 'Table' },
  { value: 'json', title: 'JSON' },
] as const;

/** Items as a table or as JSON; only what is seen is drawn, so that 10,000 scroll as well as ten. */
export function ItemsView({ items, empty }: { items: readonly unknown[]; empty: string }) {
  const [look, setLook] = useState<Look>('table');
  if (items.length === 0) return <p className="empty">{empty}</p>;
  return (
    <div className="col" style={{ minHeight: 0, flex: 1 }}>
      <div className="row" style={{ padding: '4px 10px' }}>
        <span className="small t3 num">{count(items.length)} items</span>
        <span className="grow" />
        <Segment label="How items are shown" value={look} options={looks} onChange={setLook} />
      </div>
      {look === 'table' ? <ItemTable items={items} /> : <ItemJson items={items} />}
    </div>
  );
}

function ItemTable({ items }: { items: readonly unknown[] }) {
  const room = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => columnsOf(items), [items]);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => room.current,
    estimateSize: () => 27,
    overscan: 12,
  });
  const seen = rows.getVirtualItems();
  const above = seen[0]?.start ?? 0;
  const below = rows.getTotalSize() - (seen.at(-1)?.end ?? 0);
  return (
    <div className="scrolls" ref={room} tabIndex={0} role="region" aria-label="Items">
      <table className="table tight" aria-rowcount={items.length + 1}>
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
        <tbody>
          {above > 0 && <Gap height={above} />}
          {seen.map(({ index }) => (
            <tr key={index} aria-rowindex={index + 2}>
              <td className="right t3">{index + 1}</td>
              {columns.map(({ name, isNumber }) => (
                <td
                  key={name}
                  className={isNumber ? 'right' : undefined}
                  style={{ maxWidth: 320 }}
                  title={cellText(items[index], name)}
                >
                  {cellText(items[index], name)}
                </td>
              ))}
            </tr>
          ))}
          {below > 0 && <Gap height={below} />}
        </tbody>
      </table>
    </div>
  );
}

const Gap = ({ height }: { height: number }) => (
  <tr aria-hidden>
    <td style={{ height, padding: 0, border: 0 }} />
  </tr>
);

function ItemJson({ items }: { items: readonly unknown[] }) {
  const room = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => room.current,
    estimateSize: () => 90,
    overscan: 4,
  });
  return (
    <div className="scrolls" ref={room} tabIndex={0} role="region" aria-label="Items as JSON">
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <pre
            key={index}
            ref={rows.measureElement}
            data-index={index}
            className="json"
            style={{
              position: 'absolute',
              top: 0,
              left: 0,
              right: 0,
              transform: `translateY(${start}px)`,
              padding: '4px 12px',
            }}
          >
            {JSON.stringify(items[index], null, 2)?.slice(0, 20_000)}
          </pre>
        ))}
      </div>
    </div>
  );
}
