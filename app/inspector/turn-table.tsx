import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { RunStep } from '../api/run-shapes.ts';
import { count } from '../ui/figures.ts';
import { turnsOn } from './iterations.ts';
import type { PortNames } from './port-names.ts';
import { GapRow } from '../ui/gap-row.tsx';

interface TurnTableProps {
  readonly turns: NonNullable<RunStep['turns']>;
  readonly ports: PortNames['output'];
  /** Holds the screen to one iteration; undefined where there is nothing to hold. */
  readonly show: ((path: string) => void) | undefined;
}

/** Items in and out of each iteration of a node whose loop ran in one go; each leads to its data. */
export function TurnTable({ turns, ports, show }: TurnTableProps) {
  const room = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: turns.length,
    getScrollElement: () => room.current,
    estimateSize: () => 27,
    overscan: 12,
  });
  const names = [...new Set([...ports.map(({ name }) => name), ...turns.flatMap(({ out }) => Object.keys(out))])];
  const seen = rows.getVirtualItems();
  const title = (name: string) => ports.find((port) => port.name === name)?.title ?? name;
  return (
    <div className="scrolls" ref={room} tabIndex={0} role="region" aria-label="Iterations">
      <table className="table tight" aria-rowcount={turns.length + 1}>
        <thead>
          <tr>
            <th>Iteration</th>
            <th className="right">In</th>
            {names.map((name) => (
              <th key={name} className="right">
                {names.length === 1 ? 'Out' : title(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <GapRow height={seen[0]?.start ?? 0} />
          {seen.map(({ index }) => {
            const turn = turns[index];
            return (
              turn && (
                <tr key={index} aria-rowindex={index + 2}>
                  <td>
                    <Name turn={turn} index={index} show={show} />
                  </td>
                  <td className="right">{count(turn.in)}</td>
                  {names.map((name) => (
                    <td key={name} className="right">
                      {turn.skipped ? '' : count(turn.out[name] ?? 0)}
                    </td>
                  ))}
                </tr>
              )
            );
          })}
          <GapRow height={rows.getTotalSize() - (seen.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </div>
  );
}

function Name({
  turn: { at, skipped },
  index,
  show,
}: { turn: TurnTableProps['turns'][number]; index: number } & Pick<TurnTableProps, 'show'>) {
  const number =
    at === undefined
      ? `${index + 1}`
      : turnsOn(at)
          .map((one) => one.turn + 1)
          .join('.');
  return (
    <>
      {at !== undefined && show ? (
        <button type="button" className="link-button num" onClick={() => show(at)}>
          {number}
        </button>
      ) : (
        number
      )}
      {skipped && <span className="t3 small"> skipped</span>}
    </>
  );
}
