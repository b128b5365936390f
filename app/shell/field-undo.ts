/** The field that has the focus, as it was when it got it. */
let field: HTMLInputElement | HTMLTextAreaElement | undefined;
let begun = '';
let isTakenBack = false;

/** Notes what a field held when somebody came to it, and whether something was taken back in it since. */
export function watchFields(): void {
  addEventListener('focusin', ({ target }) => {
    field = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement ? target : undefined;
    begun = field?.value ?? '';
    isTakenBack = false;
  });
  addEventListener('input', (event) => {
    if (event.target !== field || !(event instanceof InputEvent)) return;
    if (event.inputType === 'historyUndo') isTakenBack = true;
    else if (event.inputType !== 'historyRedo') isTakenBack = false;
  });
}

/**
 * Whether the browser's own undo or redo would stay in the field that has the focus. It keeps one list for the whole page, and goes on with
 * what was typed somewhere else once this field is back at its beginning.
 */
export function hasOwnUndo(target: EventTarget | null, stroke: string): boolean {
  if (target !== field || !field) return true;
  return stroke === 'Mod+Z' ? field.value !== begun : isTakenBack;
}
