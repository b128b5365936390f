import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { completionsAt } from './completions.ts';
import type { Completion } from './completions.ts';
import type { Samples } from './expression-result.ts';
import type { Wiring } from '../ui/wiring.ts';
import { TextArea } from '../ui/text-area.tsx';
import './expression-input.css';

interface ExpressionInputProps {
  readonly wiring: Wiring;
  readonly value: string;
  readonly samples: Samples;
  readonly index: number;
  readonly onChange: (value: string) => void;
}

/** Where an expression is written; while one types, what the sample data offers stands below it. */
export function ExpressionInput({ wiring, value, samples, index, onChange }: ExpressionInputProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [offered, setOffered] = useState<readonly Completion[]>([]);
  const [place, setPlace] = useState(0);
  const offer = () => {
    const caret = field.current?.selectionStart ?? 0;
    setOffered(completionsAt(field.current?.value ?? '', caret, samples, index));
    setPlace(0);
  };
  const take = (completion: Completion) => {
    const text = field.current?.value ?? '';
    const caret = field.current?.selectionStart ?? text.length;
    const after = completion.from + completion.text.length - (completion.text.endsWith('()') ? 1 : 0);
    onChange(text.slice(0, completion.from) + completion.text + text.slice(caret));
    setOffered([]);
    // The text is there after the next drawing; the caret would jump to its end.
    requestAnimationFrame(() => field.current?.setSelectionRange(after, after));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = offered[place];
    if (event.key === ' ' && event.ctrlKey) offer();
    else if (!chosen) return;
    else if (event.key === 'ArrowDown') setPlace((place + 1) % offered.length);
    else if (event.key === 'ArrowUp') setPlace((place + offered.length - 1) % offered.length);
    else if (event.key === 'Enter' || event.key === 'Tab') take(chosen);
    else if (event.key === 'Escape') setOffered([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const listId = `${wiring.id}-offers`;
  const isOpen = offered.length > 0;
  return (
    <>
      <TextArea
        {...wiring}
        ref={field}
        rows={1}
        spellCheck={false}
        autoComplete="off"
        aria-autocomplete="list"
        aria-haspopup="listbox"
        {...(isOpen ? { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${place}` } : {})}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
          offer();
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOffered([])}
      />
      {/* A field of several lines is no combobox, which could say that it is open: how many there are is said instead. */}
      <span className="sr" role="status">
        {isOpen && `${offered.length} ${offered.length === 1 ? 'offer' : 'offers'} below`}
      </span>
      {isOpen && <Offers id={listId} offered={offered} place={place} take={take} />}
    </>
  );
}

interface OffersProps {
  readonly id: string;
  readonly offered: readonly Completion[];
  readonly place: number;
  readonly take: (completion: Completion) => void;
}

function Offers({ id, offered, place, take }: OffersProps) {
  const list = useRef<HTMLDivElement>(null);
  // The keys may lead to one that is out of sight; at first the list itself may lie below the edge of the form.
  useEffect(() => {
    // In newer browsers it gives a promise, which React would take for a clean-up.
    void list.current?.children[place]?.scrollIntoView({ block: 'nearest' });
  }, [place]);
  return (
    <div className="float offers" id={id} role="listbox" aria-label="What the data offers" ref={list}>
      {offered.map((completion, index) => (
        <div
          key={completion.text}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === place}
          className="offer"
          // The field keeps the focus.
          onMouseDown={(event) => {
            event.preventDefault();
            take(completion);
          }}
        >
          <span className="cut">{completion.text}</span>
          <span className="t3 cut">{completion.says}</span>
        </div>
      ))}
    </div>
  );
}
