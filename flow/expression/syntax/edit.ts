import type { AnyNode } from 'acorn';
import { isTemplate, parseTemplate } from '../template.ts';
import { children, roots } from './tree.ts';

/** A piece of the template's text that gives way to another. */
export type TextEdit = { readonly start: number; readonly end: number; readonly text: string };

/** Looks at a node, with those around it from the outside in, and says what text is to change. */
export type Editor = (node: AnyNode, around: readonly AnyNode[]) => TextEdit | undefined;

/** Visits every node of every expression of a template; one that does not parse has none. */
export function visitText(
  text: string,
  visit: (node: AnyNode, around: readonly AnyNode[], offset: number) => void,
): void {
  const parsed = isTemplate(text) ? parseTemplate(text) : undefined;
  if (!parsed?.ok) return;
  for (const segment of parsed.template.segments) {
    if (segment.kind === 'text') continue;
    const { code } = segment;
    const walk = (node: AnyNode, around: readonly AnyNode[]) => {
      visit(node, around, code.offset);
      for (const child of children(node)) walk(child, [...around, node]);
    };
    for (const root of roots(code)) walk(root, []);
  }
}

/** Changes the text around the expressions; what stands before an expression may need other escapes. */
export type TextEditor = (piece: string, isBeforeCode: boolean) => string;

/** A template with pieces of its expressions changed and every other character as it was. Outer edits win. */
export function editText(text: string, edit: Editor, around?: TextEditor): string {
  const edits: TextEdit[] = around ? textEdits(text, around) : [];
  visitText(text, (node, outer, offset) => {
    const made = edit(node, outer);
    if (made) edits.push({ start: made.start + offset, end: made.end + offset, text: made.text });
  });
  let out = '';
  let done = 0;
  for (const { start, end, text: by } of edits.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (start < done) continue;
    out += text.slice(done, start) + by;
    done = end;
  }
  return out + text.slice(done);
}

function textEdits(text: string, around: TextEditor): TextEdit[] {
  const parsed = isTemplate(text) ? parseTemplate(text) : undefined;
  if (!parsed?.ok) return [];
  const edits: TextEdit[] = [];
  let done = 0;
  for (const segment of parsed.template.segments) {
    if (segment.kind === 'text') continue;
    edits.push({ start: done, end: segment.start - 2, text: around(text.slice(done, segment.start - 2), true) });
    done = segment.end + 2;
  }
  return [...edits, { start: done, end: text.length, text: around(text.slice(done), false) }];
}

/** A text between quotes of the kind that was there. */
export function quotedLike(before: string, text: string): string {
  const mark = before.startsWith('"') || before.startsWith('`') ? before.slice(0, 1) : "'";
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  const escaped = inner.replaceAll(mark, `\\${mark}`);
  return mark + (mark === '`' ? escaped.replaceAll('${', '\\${') : escaped) + mark;
}
