import { useLayoutEffect, useRef } from 'react';

/** What is typed may turn a fixed value into an expression, which has a control of its own: the caret goes over to it. */
export function useCaret(id: string, mode: string): () => void {
  const caret = useRef<number | null>(null);
  useLayoutEffect(() => {
    const control = document.getElementById(id);
    if (caret.current === null || control === document.activeElement) return;
    control?.focus();
    if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement)
      control.setSelectionRange(caret.current, caret.current);
  }, [id, mode]);
  return () => {
    const control = document.activeElement;
    const isText = control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement;
    caret.current = isText && control.id === id ? control.selectionStart : null;
  };
}
