import type { Command } from './command.ts';
const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The stroke that a keyboard event stands for, written as commands write theirs: `Mod+Shift+Z`. */
export function strokeOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  // A sign such as ? already says that Shift was held.
  const shift = event.shiftKey && (event.key.length > 1 || /[A-Z ]/.test(key));
  const mod = event.ctrlKey || event.metaKey;
  return `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key === ' ' ? 'Space' : key}`;
}

const signs: Record<string, string> = isMac
  ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' }
  : { Mod: 'Ctrl', Alt: 'Alt', Shift: 'Shift' };
const names: Record<string, string> = {
  Enter: '↵',
  Backspace: '⌫',
  Delete: 'Del',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The caps to show for keys: `['Ctrl', 'K']`, or `['⌘', 'K']` on a Mac. */
export const capsOf = (keys: string): string[] =>
  // A plus at the end of a stroke is a key itself.
  keys.split(/ |\+(?=[^ ])/).map((part) => signs[part] ?? names[part] ?? part);

/** Who has the first right to a key: an open dialog or menu, a text that is written, a control of a form, or nobody. */
export type KeyOwner = 'fence' | 'text' | 'control' | undefined;

const fences = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"][data-state="open"]';
const openFences =
  ':is([role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"])[data-state="open"]:not([hidden])';
// The code editor takes its text through an EditContext: a plain element that is neither a field nor editable.
const editors = '.monaco-editor, .xterm, [contenteditable]:not([contenteditable="false"])';
const fields = 'textarea, [role="textbox"], [role="searchbox"], [role="spinbutton"]';
const pressed = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']);
const controls = 'input, select, [role="combobox"], [role="listbox"], [data-keys="own"]';

/** Who owns the keys that are pressed at an element: what has the focus inside an editor, a field, a form, a dialog or a menu. */
export function ownerOf(target: EventTarget | null): KeyOwner {
  if (!(target instanceof Element)) return undefined;
  if (target.closest(fences) ?? target.ownerDocument.querySelector(openFences)) return 'fence';
  if (isWritten(target)) return 'text';
  return target.closest(controls) ? 'control' : undefined;
}

/** Whether text is written at an element. */
export function isWritten(target: Element): boolean {
  if ('editContext' in target && target.editContext) return true;
  if (target instanceof HTMLInputElement) return !pressed.has(target.type);
  return target.closest(editors) !== null || target.matches(fields);
}

/**
 * Which of the commands on offer strokes mean: who has begun a pair (`G N`) means the pair, whoever else takes its second key; of several the one that was
 * offered last, of those that may be run now.
 */
export function commandFor<One extends Pick<Command, 'keys' | 'when'>>(
  commands: readonly One[],
  { stroke, pair }: { stroke: string; pair: string },
): One | undefined {
  const byKey = (wanted: string) => commands.findLast(({ keys, when }) => keys?.includes(wanted) && (when?.() ?? true));
  return (pair === '' ? undefined : byKey(pair)) ?? byKey(stroke);
}
