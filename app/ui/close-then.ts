import { flushSync } from 'react-dom';

/**
 * Closes what something was chosen in and does it, in one turn: whoever chose it takes it for done, and may press the next key before a timer
 * of the page comes to it. `settle` puts the focus back in between, so that the choice may put it elsewhere.
 */
export function closeThen(close: () => void, settle: () => void, choice: () => unknown): void {
  flushSync(close);
  settle();
  choice();
}
