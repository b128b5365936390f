import { Check, ChevronsUpDown, Search } from 'lucide-react';
import * as Radix from 'radix-ui/popover';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { classes } from './class-names.ts';
import { findChoices } from './find-choices.ts';
import { useFloating } from './floating.ts';
import type { SelectProps } from './select.tsx';
import { useReadOnly } from './viewed.tsx';
import './search-select.css';

/** One of many, found by typing: what is typed on the button already begins the search. */
export function SearchSelect<V extends string>(props: SelectProps<V>) {
  const { value, options, onChange, id, label, disabled, className } = props;
  const isViewed = useReadOnly();
  const { root, place } = useFloating();
  const button = useRef<HTMLButtonElement>(null);
  const [words, setWords] = useState('');
  const open = (begun: string) => {
    setWords(begun);
    root.onOpenChange(true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing) return;
    const isLetter = event.key.length === 1 && event.key !== ' ';
    if (!isLetter && event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    open(isLetter ? event.key : '');
  };
  return (
    <Radix.Root {...root} onOpenChange={(isOpen) => (isOpen ? open('') : root.onOpenChange(false))}>
      <Radix.Trigger
        ref={button}
        role="combobox"
        aria-haspopup="listbox"
        className={classes('input select-button', isViewed && 'select-viewed', className)}
        id={id}
        aria-label={label}
        disabled={isViewed || disabled}
        onKeyDown={onKeyDown}
      >
        <span className="cut">{options.find((option) => option.value === value)?.title}</span>
        <ChevronsUpDown className="i i-14 t3" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal container={place}>
        <Radix.Content
          className="float menu search-select"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          onOpenAutoFocus={writeOn}
          // Radix lets it go where somebody pressed beside the list, also where nothing took it.
          onCloseAutoFocus={() => document.activeElement === document.body && button.current?.focus()}
          // It is closed by the field in it, so that the key goes no further.
          onEscapeKeyDown={(event) => event.preventDefault()}
        >
          <Found
            {...props}
            words={words}
            setWords={setWords}
            close={() => root.onOpenChange(false)}
            take={(next) => {
              root.onOpenChange(false);
              onChange(next);
            }}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** Radix would mark the whole text of the field: the letter that opened the list would go with the next one. */
function writeOn(event: Event): void {
  const field = event.target instanceof Element ? event.target.querySelector('input') : null;
  if (!field) return;
  event.preventDefault();
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
}

interface FoundProps<V extends string> extends Pick<SelectProps<V>, 'value' | 'options' | 'label'> {
  readonly words: string;
  readonly setWords: (words: string) => void;
  readonly take: (value: V) => void;
  readonly close: () => void;
}

/** The field that is typed in, and what has its words; the arrows go through the list while the field keeps the focus. */
function Found<V extends string>({ value, options, label, words, setWords, take, close }: FoundProps<V>) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = findChoices(options, words);
  const own = found.findIndex((option) => option.value === value);
  const [place, setPlace] = useState<number>();
  const at = Math.min(place ?? (words === '' ? Math.max(0, own) : firstOf(found)), found.length - 1);
  useEffect(() => {
    // Chromium gives a promise here, which an effect must not return.
    void list.current?.querySelector('[data-highlighted]')?.scrollIntoView({ block: 'nearest' });
  }, [at, found.length]);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const next = placeAfter(at, found, event.key);
    if (next !== undefined) {
      event.preventDefault();
      return setPlace(next);
    }
    const option = found[at];
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (option && !option.disabled) take(option.value);
    }
  };
  return (
    <>
      <div className="picker-find">
        <Search className="i i-14 t3" aria-hidden />
        <input
          className="bare-input"
          role="combobox"
          aria-expanded
          aria-controls={base}
          aria-label={`Find in ${label ?? 'the list'}`}
          aria-activedescendant={at < 0 ? undefined : `${base}${at}`}
          placeholder="Find"
          autoComplete="off"
          spellCheck={false}
          defaultValue={words}
          onChange={({ target }) => {
            setPlace(undefined);
            setWords(target.value);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {found.length === 0 && <p className="empty">Nothing has these words.</p>}
      <div className="search-list" role="listbox" id={base} aria-label={label} ref={list}>
        {found.map((option, index) => (
          <div
            key={option.value}
            id={`${base}${index}`}
            role="option"
            aria-selected={option.value === value}
            aria-disabled={option.disabled ?? false}
            className="menu-item"
            {...(index === at ? { 'data-highlighted': '' } : {})}
            {...(option.disabled ? { 'data-disabled': '' } : {})}
            onPointerMove={() => setPlace(index)}
            onClick={() => !option.disabled && take(option.value)}
          >
            <span className="cut" title={option.title}>
              {option.title}
            </span>
            {option.says && <span className="t3 small">{option.says}</span>}
            {option.value === value && (
              <span className="end">
                <Check className="i i-14" aria-hidden />
              </span>
            )}
          </div>
        ))}
      </div>
    </>
  );
}

const firstOf = (found: readonly { readonly disabled?: boolean }[]): number =>
  Math.max(
    0,
    found.findIndex(({ disabled }) => !disabled),
  );

/** So many lines are a page. */
const page = 8;

/** Where a key leads in the list, past what cannot be chosen; undefined for a key that leads nowhere. */
export function placeAfter(
  at: number,
  found: readonly { readonly disabled?: boolean }[],
  key: string,
): number | undefined {
  const last = found.length - 1;
  const steps: Readonly<Record<string, readonly [to: number, step: 1 | -1]>> = {
    ArrowDown: [at + 1, 1],
    ArrowUp: [at - 1, -1],
    PageDown: [Math.min(at + page, last), -1],
    PageUp: [Math.max(at - page, 0), 1],
  };
  const move = steps[key];
  if (!move) return undefined;
  const [to, step] = move;
  for (let next = to; next >= 0 && next <= last; next += step) if (!found[next]?.disabled) return next;
  return at;
}
