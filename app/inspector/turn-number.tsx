import { useState } from 'react';
import { TextInput } from '../ui/text-input.tsx';
import './turn-number.css';

interface TurnNumberProps {
  /** What it counts. */
  readonly label?: string;
  /** Which one is shown, and which is the last; counted from 0, and shown from 1. */
  readonly now: number;
  readonly last: number;
  readonly show: (turn: number) => void;
}

/** The number of an iteration, typed over to go there; the arrow keys go on and back, and Escape forgets what was typed. */
export function TurnNumber({ label = 'Iteration', now, last, show }: TurnNumberProps) {
  const [typed, setTyped] = useState<string>();
  const go = (wanted: number) => {
    setTyped(undefined);
    const turn = Math.min(last, Math.max(0, wanted));
    if (turn !== now) show(turn);
  };
  const keys: Record<string, () => void> = {
    Enter: () => go(turnTyped(typed, now)),
    ArrowUp: () => go(now + 1),
    ArrowDown: () => go(now - 1),
    Escape: () => setTyped(undefined),
  };
  return (
    <TextInput
      className="input sm num turn-number"
      inputMode="numeric"
      aria-label={label}
      style={{ width: `${Math.max(2, String(last + 1).length) + 2}ch` }}
      value={typed ?? String(now + 1)}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={() => typed !== undefined && go(turnTyped(typed, now))}
      onKeyDown={(event) => {
        const act = keys[event.key];
        if (!act) return;
        event.preventDefault();
        act();
      }}
    />
  );
}

/** The iteration that is meant by a text, counted from 0; the one that is shown where it says no number. */
const turnTyped = (typed: string | undefined, now: number): number => numberIn(typed, now + 1) - 1;

function numberIn(text: string | undefined, otherwise: number): number {
  const read = Number.parseInt(text ?? '', 10);
  return Number.isNaN(read) ? otherwise : read;
}
