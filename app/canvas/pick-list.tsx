import { useReactFlow, useViewport } from '@xyflow/react';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Family } from '../../flow/document/card.ts';
import type { Point } from '../graph/geometry.ts';
import { NodeIcon } from '../graph/node-icon.tsx';
import './pick-list.css';

/** One thing that can be picked. */
export interface Choice {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly icon: string;
  readonly family: Family;
  /** The heading above it; a heading stands over the first that has it. */
  readonly group?: string | undefined;
}

interface PickListProps {
  /** What the dialog is called. */
  readonly label: string;
  readonly list: string;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  /** The words typed, for whoever finds the choices by them. */
  readonly onWords: (words: string) => void;
  readonly take: (id: string) => void;
  /** Let go by Escape. */
  readonly close: () => void;
  /** Left by a press somewhere else, which keeps the focus. */
  readonly leave: () => void;
  readonly at: Point;
  readonly nothing: string;
}

/** A list that floats over the canvas and is chosen from by typing, arrows and Enter, or by a press. */
export function PickList(props: PickListProps) {
  const { label, list, placeholder, choices, onWords, take, close, leave, at, nothing } = props;
  const [place, setPlace] = useState(0);
  const active = choices[Math.min(place, choices.length - 1)];
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setPlace((old) => Math.max(0, Math.min(old + step, choices.length - 1)));
    } else if (event.key === 'Enter' && active) {
      event.preventDefault();
      take(active.id);
    } else if (event.key === 'Escape') close();
    // The list is one stop: with Tab one would fall out of it behind its back.
    else if (event.key === 'Tab') event.preventDefault();
  };
  return (
    <div
      className="float picker nowheel"
      style={usePlace(at)}
      role="dialog"
      aria-label={label}
      onKeyDown={onKeyDown}
      // The field keeps the focus until the choice is made.
      onMouseDown={(event) => !(event.target instanceof HTMLInputElement) && event.preventDefault()}
    >
      <div className="picker-find">
        <Search className="i t3" aria-hidden />
        <Finder
          label={list}
          placeholder={placeholder}
          active={active?.id}
          leave={leave}
          onChange={(words) => {
            setPlace(0);
            onWords(words);
          }}
        />
      </div>
      <Found label={list} choices={choices} active={active?.id} take={take} nothing={nothing} />
      <div className="picker-foot">
        <span>
          <kbd>↑</kbd>
          <kbd>↓</kbd> move
        </span>
        <span>
          <kbd>↵</kbd> select
        </span>
        <span>
          <kbd>esc</kbd> close
        </span>
      </div>
    </div>
  );
}

interface FinderProps {
  readonly label: string;
  readonly placeholder: string;
  readonly active: string | undefined;
  readonly leave: () => void;
  readonly onChange: (words: string) => void;
}

function Finder({ label, placeholder, active, leave, onChange }: FinderProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <input
      ref={field}
      className="grow bare-input"
      role="combobox"
      aria-expanded
      aria-controls="picker-list"
      aria-label={label}
      aria-activedescendant={active === undefined ? undefined : `pick-${active}`}
      placeholder={placeholder}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
      // Another window in front is no answer: then the field still counts as the active one.
      onBlur={({ target }) => target !== document.activeElement && leave()}
    />
  );
}

interface FoundProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly active: string | undefined;
  readonly take: (id: string) => void;
  readonly nothing: string;
}

function Found({ label, choices, active, take, nothing }: FoundProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Chromium gives a promise here, which an effect must not return.
    void list.current?.querySelector('[data-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  if (choices.length === 0) return <p className="empty">{nothing}</p>;
  return (
    <div className="picker-list" id="picker-list" role="listbox" aria-label={label} ref={list}>
      {choices.map((choice, index) => (
        <div key={choice.id} role="presentation">
          {choice.group !== undefined && choice.group !== choices[index - 1]?.group && (
            <div className="menu-head" role="presentation">
              {choice.group}
            </div>
          )}
          <div
            id={`pick-${choice.id}`}
            role="option"
            aria-selected={choice.id === active}
            data-selected={choice.id === active}
            data-family={choice.family}
            className="menu-item"
            onClick={() => take(choice.id)}
          >
            <span className="tile">
              <NodeIcon name={choice.icon} size={16} />
            </span>
            <span className="grow">
              {choice.title}
              <small className="cut">{choice.says}</small>
            </span>
          </div>
        </div>
      ))}
    </div>
  );
}

/** Its place over the canvas: it stays at its point while the camera moves, and inside the canvas. */
function usePlace([x, y]: Point) {
  const { zoom, x: panX, y: panY } = useViewport();
  const { getViewport } = useReactFlow();
  const room = document.querySelector('.flow-room')?.getBoundingClientRect();
  return {
    // Beside the point, which stays in sight.
    left: Math.max(8, Math.min(x * (zoom || getViewport().zoom) + panX + 14, (room?.width ?? 800) - 304)),
    top: Math.max(8, Math.min(y * zoom + panY, (room?.height ?? 600) - 410)),
  };
}
