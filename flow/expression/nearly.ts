import { textSegments } from './template.ts';

/** Text that was meant as an expression and is none, so that it is used as it is written: what is wrong, and where it begins. */
export interface Nearly {
  readonly why: 'unclosed' | 'unopened' | 'single' | 'bare';
  /** An offset in the text. */
  readonly at: number;
}

/** A name that stands for data: nobody writes it in a text by chance. */
const data = String.raw`\$(?:json\b|input\b|items\b|node\b|\((?=['"]))`;
const unopened = new RegExp(String.raw`${data}[^{}\n]*\}\}`);
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
    const known = [
      ['unopened', unopened],
      ['single', single],
    ] as const;
    for (const [why, pattern] of known) {
      const found = pattern.exec(piece);
      if (found) return { why, at: from + found.index };
    }
  }
  return bare.test(text) ? { why: 'bare', at: text.search(/\S/) } : undefined;
}

const mayBe = (text: string): boolean => text.includes('{{') || text.includes('$');
