import type { Command } from '../commands/command.ts';
import { commandFor, ownerOf, strokeOf } from '../commands/keys.ts';
import type { KeyOwner } from '../commands/keys.ts';
import { offered } from '../commands/registry.ts';
import { duringTransfer } from '../ui/clipboard.ts';
import { hasOwnUndo, watchFields } from './field-undo.ts';
import { giveKeysWhenThere, holdKey } from './held-keys.ts';

/** How long the second stroke of `G H` may take. */
const pauseMs = 900;

let first = '';
let firstAt = 0;

/** Whether a key reaches a command past what has the focus. */
const reaches = (owner: KeyOwner, { reach }: Command): boolean =>
  owner === undefined || reach === 'everywhere' || (owner === 'control' && reach === 'controls');

/** The browser's own undo goes into the field that was typed in last, wherever that is. */
const takesBack = new Set(['Mod+Z', 'Mod+Shift+Z', 'Mod+Y']);

/** Runs the offered command whose key is pressed. What has the focus owns its keys: commands come after it. */
export function listenToKeys(): void {
  watchFields();
  giveKeysWhenThere();
  addEventListener('keydown', (event) => {
    // In a composition the key that chooses a letter is told as 229 when it is not yet said that one goes on.
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    const target = event.composedPath()[0] ?? event.target;
    const owner = ownerOf(target);
    const stroke = strokeOf(event);
    if (takesBack.has(stroke) && owner !== undefined && owner !== 'control' && !hasOwnUndo(target, stroke))
      event.preventDefault();
    if (holdKey(event, owner)) return;
    if (owner === 'fence') return;
    const pair = event.timeStamp - firstAt < pauseMs ? `${first} ${stroke}` : '';
    const meant = offered().filter(
      (command) =>
        !command.clipboard && reaches(owner, command) && command.keys?.some((key) => key === stroke || key === pair),
    );
    first = stroke;
    firstAt = event.timeStamp;
    if (meant.length > 0 && takesBack.has(stroke)) event.preventDefault();
    const found = commandFor(meant, { stroke, pair });
    if (!found) return;
    event.preventDefault();
    if (event.repeat && !found.repeats) return;
    first = '';
    void found.run();
  });
}

/** Runs the offered command that copies, cuts or pastes when the browser does, with the clipboard that the event brings. */
export function listenToClipboard(): void {
  for (const kind of ['copy', 'cut', 'paste'] as const)
    addEventListener(kind, (event) => {
      // Such an event begins where text is marked, or at the page's body: who owns it is who has the focus.
      const owner = ownerOf(document.activeElement);
      if (event.defaultPrevented || owner === 'fence' || !event.clipboardData) return;
      if (kind !== 'paste' && isReading()) return;
      const meant = offered().filter((command) => command.clipboard === kind && reaches(owner, command));
      const found = meant.findLast(({ when }) => when?.() ?? true);
      if (!found) return;
      event.preventDefault();
      duringTransfer(event.clipboardData, () => void found.run());
    });
}

/** Text that somebody marked where the focus is, to take it along, is copied as text. */
function isReading(): boolean {
  const marked = getSelection();
  return marked?.type === 'Range' && document.activeElement?.contains(marked.anchorNode) === true;
}
