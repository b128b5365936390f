import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import './raw-view.css';

/** Text as it is, line by line; only what is seen is drawn, and what is longer than a screen takes is cut in sight, not in what is copied. */
export function RawView({ text, label }: { text: string; label: string }) {
  const room = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => text.split('\n'), [text]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => room.current,
    estimateSize: () => 19,
    overscan: 30,
  });
  return (
    <div className="scrolls raw" ref={room} tabIndex={0} role="region" aria-label={label}>
      <div className="all-rows" style={{ height: rows.getTotalSize() + 12 }}>
        {rows.getVirtualItems().map(({ index, start }) => (
          <pre key={index} style={{ transform: `translateY(${start + 6}px)` }}>
            {lines[index]?.slice(0, 2_000)}
          </pre>
        ))}
      </div>
    </div>
  );
}
