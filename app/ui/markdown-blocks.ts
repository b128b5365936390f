/** A part of a text in Markdown that stands by itself. Of an ordered list `first` is the number of its first entry. */
export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly entries: readonly string[]; readonly first?: number };

const heading = /^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/;
const bullet = /^\s*[-*+][ \t]+(.*)$/;
const numbered = /^\s*(\d{1,9})[.)][ \t]+(.*)$/;

/** What begins and ends lines that stay as they are; a word for the language may follow the first. */
const fence = /^ {0,3}(?:`{3,}[^`]*|~{3,}.*)$/;
const fenceEnd = /^ {0,3}(?:`{3,}|~{3,})\s*$/;

/** Reads headings, lists, code and paragraphs, line by line; a line break in a paragraph is one. Lines may end as on any system. */
export function markdownBlocks(text: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  // What the next line may still belong to; a blank line or another kind of block ends it.
  let open: MarkdownBlock | undefined;
  const put = (block: MarkdownBlock, isOpen = true) => {
    if (open) blocks.pop();
    blocks.push(block);
    open = isOpen ? block : undefined;
  };
  const begin = (block: MarkdownBlock, isOpen = true) => {
    open = undefined;
    put(block, isOpen);
  };
  let code: readonly string[] | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (code) {
      code = fenceEnd.test(line) ? undefined : [...code, line];
      if (code) put({ kind: 'code', text: code.join('\n') });
      else open = undefined;
      continue;
    }
    if (fence.test(line)) {
      code = [];
      begin({ kind: 'code', text: '' });
      continue;
    }
    const title = heading.exec(line)?.[1];
    const [, entry] = bullet.exec(line) ?? [];
    const [, number, step] = numbered.exec(line) ?? [];
    if (line.trim() === '') open = undefined;
    else if (title !== undefined) begin({ kind: 'heading', text: title }, false);
    else if (entry !== undefined) {
      if (open?.kind === 'list' && open.first === undefined) put({ ...open, entries: [...open.entries, entry] });
      else begin({ kind: 'list', entries: [entry] });
    } else if (step !== undefined) {
      if (open?.kind === 'list' && open.first !== undefined) put({ ...open, entries: [...open.entries, step] });
      else begin({ kind: 'list', entries: [step], first: Number(number) });
    } else if (open?.kind === 'text') put({ kind: 'text', text: `${open.text}\n${line}` });
    else if (open?.kind === 'list' && /^\s/.test(line)) {
      const { entries } = open;
      put({ ...open, entries: [...entries.slice(0, -1), `${entries.at(-1)}\n${line.trim()}`] });
    } else begin({ kind: 'text', text: line });
  }
  return blocks;
}
