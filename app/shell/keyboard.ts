import { isTyping, strokeOf } from '../commands/keys.ts';
import { offered } from '../commands/registry.ts';

/** How long the second stroke of `G H` may take. */
const pauseMs = 900;

let first = '';
let firstAt = 0;

/** Inside a form a letter or Delete is meant for the form, also on its buttons. */
const hasOwnKeys = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[data-keys="own"]') !== null;

/** Runs the offered command whose key is pressed, wherever the focus is; single letters only where nobody types. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.repeat || event.isComposing) return;
    const stroke = strokeOf(event);
    if ((isTyping(event.target) || hasOwnKeys(event.target)) && !/^((Mod|Alt)\+|F\d)/.test(stroke)) return;
    if (document.querySelector('[role="menu"], [role="listbox"]') && !stroke.startsWith('Mod+')) return;
    const pair = event.timeStamp - firstAt < pauseMs ? `${first} ${stroke}` : '';
    const commands = offered().toReversed();
    const found = commands.find(
      ({ keys, when }) => keys?.some((key) => key === stroke || key === pair) && (when?.() ?? true),
    );
    first = stroke;
    firstAt = event.timeStamp;
    if (!found) return;
    event.preventDefault();
    first = '';
    void found.run();
  });
}
