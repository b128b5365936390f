/** Puts the focus on the first field that is wrong, once that is drawn: who sent a form goes on where something is to be done. */
export function toFirstWrong(form: Element): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}
