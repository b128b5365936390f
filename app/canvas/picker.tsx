import { useReactFlow, useViewport } from '@xyflow/react';
import { Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Spot } from './add-node.ts';
import { focusGraph } from './desk.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import { addNode } from './editing.ts';
import type { Picking } from './editor-state.ts';
import { findCards, newestCards } from './find-cards.ts';
import { NodeIcon } from './node-icon.tsx';

/** The finder that opens where an edge was let go: what is chosen is put there and wired. */
export function Picker() {
  const picking = useEditor((state) => state.picking);
  return picking && <OpenPicker picking={picking} />;
}

const spotOf = ({ at, from, into, edge }: Picking): Spot =>
  edge ? { edge } : from ? { from, at } : into ? { into, at } : { at };

/** What may stand there: a start takes no input, and what only ends a run gives none. */
const fits = (picking: Picking) => (card: NodeCard) =>
  (!(picking.from || picking.edge) || card.role !== 'start') &&
  (!(picking.into || picking.edge) || Object.keys(card.outputs).length > 0);

function OpenPicker({ picking }: { picking: Picking }) {
  const desk = useDesk();
  const cards = useEditor((state) => state.cards);
  const title = useEditor(({ history }) => history.document.nodes.find(({ key }) => key === picking.from?.key)?.title);
  const [words, setWords] = useState('');
  const [place, setPlace] = useState(0);
  const found = useMemo(
    () => findCards(newestCards(cards), words).filter(fits(picking)).slice(0, 60),
    [cards, words, picking],
  );
  const close = () => {
    desk.store.setState({ picking: undefined });
    focusGraph(desk);
  };
  const take = (card: NodeCard | undefined) => {
    const key = card && addNode(desk.store, card, spotOf(picking));
    if (key !== undefined) desk.camera.show([key]);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setPlace((old) => Math.min(Math.max(old + step, 0), found.length - 1));
    } else if (event.key === 'Enter') take(found[place]);
    else if (event.key === 'Escape') close();
  };
  return (
    <div className="float picker" style={usePlace(picking)} role="dialog" aria-label="Add a node" onKeyDown={onKeyDown}>
      <div className="picker-find">
        <Search className="i t3" aria-hidden />
        <Finder
          words={words}
          placeholder={picking.from ? `What comes after ${title ?? picking.from.key}?` : 'Find a node'}
          active={found[place]?.type}
          onChange={(text) => {
            setWords(text);
            setPlace(0);
          }}
        />
      </div>
      <Found cards={found} place={place} take={take} />
      <div className="picker-foot">
        <span>
          <kbd>↑</kbd>
          <kbd>↓</kbd> choose
        </span>
        <span>
          <kbd>esc</kbd> let go
        </span>
      </div>
    </div>
  );
}

interface FinderProps {
  readonly words: string;
  readonly placeholder: string;
  readonly active: string | undefined;
  readonly onChange: (words: string) => void;
}

function Finder({ words, placeholder, active, onChange }: FinderProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <input
      ref={field}
      className="grow"
      style={{ border: 0, outline: 'none', background: 'none', boxShadow: 'none' }}
      role="combobox"
      aria-expanded
      aria-controls="picker-list"
      aria-label="Find a node"
      aria-activedescendant={active === undefined ? undefined : `pick-${active}`}
      placeholder={placeholder}
      value={words}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Found({ cards, place, take }: { cards: readonly NodeCard[]; place: number; take: (card: NodeCard) => void }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Chromium gives a promise here, which an effect must not return.
    void list.current?.querySelector('[data-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [place]);
  if (cards.length === 0) return <p className="empty">No node that fits here is called that.</p>;
  return (
    <div className="picker-list" id="picker-list" role="listbox" aria-label="Nodes" ref={list}>
      {cards.map((card, index) => (
        <div
          key={card.type}
          id={`pick-${card.type}`}
          role="option"
          aria-selected={index === place}
          data-selected={index === place}
          data-family={card.family}
          className="menu-item"
          onPointerDown={(event) => {
            event.preventDefault();
            take(card);
          }}
        >
          <span className="tile">
            <NodeIcon name={card.icon} size={16} />
          </span>
          <span className="grow">
            {card.title}
            <small className="cut">{card.summary}</small>
          </span>
        </div>
      ))}
    </div>
  );
}

/** The picker's place over the canvas: it stays at its point while the camera moves, and inside the canvas. */
function usePlace({ at: [x, y] }: Picking) {
  const { zoom, x: panX, y: panY } = useViewport();
  const { getViewport } = useReactFlow();
  const room = document.querySelector('.flow-room')?.getBoundingClientRect();
  const left = x * (zoom || getViewport().zoom) + panX;
  const top = y * zoom + panY;
  return {
    left: Math.max(8, Math.min(left, (room?.width ?? 800) - 304)),
    top: Math.max(8, Math.min(top, (room?.height ?? 600) - 410)),
  };
}
