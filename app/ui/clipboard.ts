/** What the editor wants of a clipboard. */
export type TextClipboard = Pick<Clipboard, 'readText' | 'writeText'>;

/** What it is made of; the page's own in the product. */
interface Means {
  /** The browser's, which is only there over HTTPS and on localhost; it may refuse, too. */
  readonly own: () => TextClipboard | undefined;
  /** The old way, which works everywhere while a key or a press is handled. */
  readonly copyOldWay: (text: string) => boolean;
}

/**
 * A clipboard that works where the browser gives none: Heddle in a local network is often reached by plain HTTP. What was copied is then
 * remembered in this tab, and put on the real clipboard the old way as well.
 */
export function clipboardOf({ own, copyOldWay }: Means): TextClipboard {
  let remembered: string | undefined;
  return {
    writeText: async (text) => {
      remembered = text;
      try {
        const real = own();
        if (!real) throw new Error('There is no clipboard here.');
        await real.writeText(text);
      } catch {
        copyOldWay(text);
      }
    },
    readText: async () => {
      try {
        const real = own();
        if (real) return await real.readText();
      } catch (error) {
        if (remembered === undefined) throw error;
      }
      if (remembered !== undefined) return remembered;
      throw new Error('This browser lets the page read the clipboard only over HTTPS.');
    },
  };
}

/** The data of the copy, cut or paste that goes on now. */
let transfer: DataTransfer | undefined;

/**
 * Does what a person asked for by the browser's own copy, cut or paste. Such an event brings the clipboard with it, on plain HTTP too, and what
 * other programs and tabs put there.
 */
export function duringTransfer(data: DataTransfer, work: () => void): void {
  transfer = data;
  try {
    work();
  } finally {
    transfer = undefined;
  }
}

const boardOf = (data: DataTransfer): TextClipboard => ({
  readText: () => Promise.resolve(data.getData('text/plain')),
  writeText: (text) => Promise.resolve(data.setData('text/plain', text)),
});

/** The clipboard of this page. */
export const clipboard = clipboardOf({
  own: () =>
    transfer ? boardOf(transfer) : (globalThis as { navigator?: { clipboard?: Clipboard } }).navigator?.clipboard,
  copyOldWay,
});

/** Copies by a field that is there for a moment; the focus goes back. */
function copyOldWay(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.setAttribute('aria-hidden', 'true');
  field.style.cssText = 'position:fixed;opacity:0;pointer-events:none';
  // Inside the open dialog, if there is one: it keeps the focus to itself.
  (before?.closest('[role=dialog]') ?? document.body).append(field);
  field.select();
  // oxlint-disable-next-line typescript/no-deprecated -- without HTTPS there is no other way
  const isCopied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement || before instanceof SVGElement) before.focus({ preventScroll: true });
  return isCopied;
}
