import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { MarkState } from '../ui/mark.tsx';
import { State } from '../ui/mark.tsx';
import type { ItemEffect } from '../../flow/facts/effects.ts';
import { clock, count } from '../ui/figures.ts';
import { GapRow } from '../ui/gap-row.tsx';
import './effects-view.css';

const words: Readonly<Record<ItemEffect['state'], { mark: MarkState; says: string }>> = {
  sending: { mark: 'running', says: 'Sending' },
  done: { mark: 'ok', says: 'Done' },
  failed: { mark: 'failed', says: 'Failed' },
  doubt: { mark: 'doubt', says: 'In doubt' },
  retrying: { mark: 'waiting', says: 'Will be tried again' },
};

/** Item by item what was sent, how often, and what came of it; an item leads to what went in. */
export function EffectsView({ effects, show }: { effects: readonly ItemEffect[]; show: (item: number) => void }) {
  const room = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: effects.length,
    getScrollElement: () => room.current,
    estimateSize: () => 30,
    overscan: 10,
  });
  const seen = rows.getVirtualItems();
  const above = seen[0]?.start ?? 0;
  const below = rows.getTotalSize() - (seen.at(-1)?.end ?? 0);
  return (
    <div className="scrolls" ref={room} tabIndex={0} role="region" aria-label="Calls">
      <table className="table effects">
        <thead>
          <tr>
            <th>{effects.every(({ isCall }) => isCall) ? 'Call' : 'Item'}</th>
            <th>State</th>
            <th className="right">Sent</th>
            <th>Result</th>
            <th className="right">At</th>
          </tr>
        </thead>
        <tbody>
          <GapRow height={above} />
          {seen.map(({ index }) => {
            const effect = effects[index];
            return (
              effect && (
                <EffectRow
                  key={`${effect.isCall} ${effect.item}`}
                  effect={effect}
                  show={show}
                  at={index}
                  measure={rows.measureElement}
                />
              )
            );
          })}
          <GapRow height={below} />
        </tbody>
      </table>
    </div>
  );
}

interface EffectRowProps {
  readonly effect: ItemEffect;
  readonly show: (item: number) => void;
  readonly at: number;
  /** A sentence is read whole, so that rows are not all of one height. */
  readonly measure: (row: HTMLTableRowElement | null) => void;
}

function EffectRow({ effect, show, at, measure }: EffectRowProps) {
  const { mark, says } = words[effect.state];
  return (
    <tr ref={measure} data-index={at}>
      <td>
        {effect.isCall ? (
          <span className="num">Call {effect.item + 1}</span>
        ) : (
          <button type="button" className="link-button num" onClick={() => show(effect.item)}>
            Item {effect.item + 1}
          </button>
        )}
      </td>
      <td className="effect-state">
        <State state={mark}>{says}</State>
      </td>
      <td className="right num">{count(effect.attempts)}×</td>
      <td className="t2 effect-says">{effect.says}</td>
      <td className="right mono-s t2">{clock(effect.at)}</td>
    </tr>
  );
}
