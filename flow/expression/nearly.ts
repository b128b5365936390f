import { textSegments } from './template.ts';

/** Text that was meant as an expression and is none, so that it is used as it is written: what is wrong, and where it begins. */
export interface Nearly {
  readonly why: 'unclosed' | 'unopened' | 'single' | 'bare';
  /** An offset in the text. */
  readonly at: number;
}

/** A name that stands for data: nobody writes it in a text by chance. */
const data = String.raw`\$(?:json\b|input\b|items\b|node\b|\((?=['"]))`;
const named = new RegExp(data);
// A template literal of code (`${$json.a}`) is no mistyped expression, and neither is an object.
const single = new RegExp(String.raw`(?<![{$])\{\s*${data}[^{}\n]*\}(?!\})`);
const bare = new RegExp(
  String.raw`^\s*(?:\$json|\$\((['"])[\w-]+\1\)\.item(?:\.json)?)(?:\??\.[\w$]+|\[[^\]\n]*\])+\s*$`,
);

/**
 * What a text has that is nearly an expression: two brackets that are never closed, or never opened, one bracket for two, or none at
 * all. The first of them; undefined where there is nothing of it. An opening that is escaped (`\\{{`) is meant as it is.
 */
export function nearlyExpression(text: string): Nearly | undefined {
  if (!mayBe(text)) return undefined;
  for (const { text: piece, from, opensAt } of textSegments(text)) {
    if (opensAt !== undefined) return { why: 'unclosed', at: opensAt };
    const unopened = unopenedAt(piece);
    if (unopened !== undefined) return { why: 'unopened', at: from + unopened };
    const found = single.exec(piece);
    if (found) return { why: 'single', at: from + found.index };
  }
  return bare.test(text) ? { why: 'bare', at: text.search(/\S/) } : undefined;
}

/** Where data is named before two closing brackets, on one line and with no bracket between. Each stretch is read once, however often it names data. */
function unopenedAt(piece: string): number | undefined {
  let done = 0;
  for (let close = piece.indexOf('}}'); close >= 0; close = piece.indexOf('}}', done)) {
    const before = piece.slice(done, close);
    const begin = Math.max(before.lastIndexOf('{'), before.lastIndexOf('}'), before.lastIndexOf('\n')) + 1;
    const at = before.slice(begin).search(named);
    if (at >= 0) return done + begin + at;
    done = close;
    while (piece[done] === '}') done++;
  }
  return undefined;
}

const mayBe = (text: string): boolean => text.includes('{{') || text.includes('$');
