import { isWritten } from '../commands/keys.ts';
import type { KeyOwner } from '../commands/keys.ts';
import { comingParts } from '../ui/coming-parts.ts';

/** A part that is there takes the focus within so long, or does not take it at all; milliseconds. */
const focusMs = 100;

const wordless = new Set(['Enter', 'Escape', 'Backspace', 'Delete', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);

let held: KeyboardEvent[] = [];
let before: Element | null = null;
/** Kept keys are being given out: those that a person presses meanwhile come after them. */
let isGiving = false;
/** This very key is one of those. */
let isGiven = false;

/** What had the focus last; an element that is gone since left it to nobody. */
let last: EventTarget | null = null;

/** What had the focus is gone, as a list is in which something was chosen, and nothing has taken it yet: it is on its way. */
function waitForFocus({ target }: KeyboardEvent): void {
  // Pressed at nothing: the key that itself made the element go was pressed at that.
  if (target !== document.body || !(last instanceof Node) || last.isConnected) return;
  last = null;
  // It is given in a turn of the page, if at all; those who take it then have a while.
  setTimeout(comingParts.begin(), 0);
}

/** Keys that say something to whatever has the focus. */
const mayHold = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  !ctrlKey && !metaKey && !altKey && (key.length === 1 || wordless.has(key));

/**
 * Keeps a key that is pressed while a part of the page is coming: who presses Ctrl+K and goes on typing means the palette, not the canvas that is
 * still there. It is given to whatever has the focus then. Gives whether the key was kept.
 */
export function holdKey(event: KeyboardEvent, owner: KeyOwner): boolean {
  if (isGiven || !mayHold(event)) return false;
  waitForFocus(event);
  // What was kept comes first, also where the focus has moved on meanwhile.
  if (!isGiving && held.length === 0 && (owner === 'text' || owner === 'fence' || !comingParts.isAny)) return false;
  if (held.length === 0) before = document.activeElement;
  held.push(event);
  event.preventDefault();
  return true;
}

/** Gives out the keys that were kept, once what was coming is there and has taken the focus; what did not come has none. */
export function giveKeysWhenThere(): void {
  addEventListener('focusin', ({ target }) => void (last = target));
  // Who presses somewhere else meant the keys for what was there before; a part that is on its way still has them.
  const giveNow = () => {
    if (!comingParts.isAny) for (const key of held.splice(0)) press(key);
  };
  addEventListener('pointerdown', giveNow, { capture: true });
  // What a person presses while keys are given out comes after them, before anything sees it: an Escape would close the palette under the rest.
  addEventListener(
    'keydown',
    (event) => {
      if (!isGiving || isGiven || !mayHold(event)) return;
      held.push(event);
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  comingParts.whenAllThere((isThere) => {
    if (!isThere) held = [];
    if (held.length === 0 || isGiving) return;
    const give = () => {
      clearTimeout(timer);
      removeEventListener('focusin', give);
      void giveOut();
    };
    const timer = setTimeout(give, document.activeElement === before ? focusMs : 0);
    addEventListener('focusin', give);
  });
}

async function giveOut(): Promise<void> {
  isGiving = true;
  // The first of them may have called for something itself: the rest is meant for that.
  while (held.length > 0 && !comingParts.isAny) {
    press(held.shift()!);
    // As from a keyboard, each in a turn of its own: by then the page has taken the one before.
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  isGiving = false;
}

function press({ key, code, shiftKey }: KeyboardEvent): void {
  const target = document.activeElement ?? document.body;
  isGiven = true;
  const isFree = target.dispatchEvent(
    new KeyboardEvent('keydown', { key, code, shiftKey, bubbles: true, cancelable: true, composed: true }),
  );
  isGiven = false;
  if (!isFree) return;
  // What the browser would do by itself with a key of a person's.
  if (!isWritten(target)) {
    if (key === 'Enter' && target instanceof HTMLElement && target.matches('button, a[href]')) target.click();
  } else if ('editContext' in target && target.editContext) writeInContext(target, key);
  else if (key.length === 1) document.execCommand('insertText', false, key);
  else if (key === 'Backspace') document.execCommand('delete');
}

/** What takes its text through an EditContext hears of no command: it is told what the browser would be about to do, and does that itself. */
function writeInContext(target: Element, key: string): void {
  const inputType = key.length === 1 ? 'insertText' : inputTypes[key];
  if (inputType === undefined) return;
  const data = key.length === 1 ? key : null;
  target.dispatchEvent(new InputEvent('beforeinput', { inputType, data, bubbles: true, cancelable: true }));
}

const inputTypes: Readonly<Record<string, string>> = {
  Enter: 'insertParagraph',
  Backspace: 'deleteContentBackward',
  Delete: 'deleteContentForward',
};
