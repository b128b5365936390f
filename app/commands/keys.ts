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
export const capsOf = (keys: string): string[] => keys.split(/[ +]/).map((part) => signs[part] ?? names[part] ?? part);

/** Whether somebody is typing there, so that single letters are text and no commands. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
