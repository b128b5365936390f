/** Where Monaco takes keys, by its own way or as a browser without EditContext has it. Its other fields are helpers: what is typed there is lost. */
const inCode = '.monaco-editor :is(.native-edit-context, textarea.inputarea)';
/** A code field whose editor is on its way: it takes the focus for it. */
const coming = '.code-coming';

/** The first field of a part that a selector means; code, which no selector would find, is one too. */
export function firstField(part: Element, selector: string): HTMLElement | undefined {
  return [...part.querySelectorAll<HTMLElement>(`${selector}, ${inCode}, ${coming}`)].find(
    (one) => one.matches(`${inCode}, ${coming}`) || one.closest('.monaco-editor') === null,
  );
}
