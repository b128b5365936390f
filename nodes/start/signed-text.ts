/** A part of what a sender signs: the body in its bytes, the time, another header, or text as it is written. */
export type SignedPart =
  | { readonly is: 'body' }
  | { readonly is: 'time' }
  | { readonly is: 'header'; readonly name: string }
  | { readonly is: 'text'; readonly text: string };

/** Letters of a template and parts that stand for something in it: every call is hashed by it before it is known whose it is. */
const longest = 1_000;
const mostParts = 10;

/**
 * Reads what a sender signs, such as `{time}.{body}` with `{header:x-name}` for another header; undefined when it takes the body twice, or is longer
 * than any sender's.
 */
export function signedParts(template: string): readonly SignedPart[] | undefined {
  if (template.length > longest) return undefined;
  const parts = template.split(/(\{body\}|\{time\}|\{header:[\w-]+\})/).flatMap((piece, index): SignedPart[] => {
    if (index % 2 === 0) return piece === '' ? [] : [{ is: 'text', text: piece }];
    if (piece === '{body}') return [{ is: 'body' }];
    return piece === '{time}' ? [{ is: 'time' }] : [{ is: 'header', name: piece.slice(8, -1).toLowerCase() }];
  });
  const isTwice = parts.filter(({ is }) => is === 'body').length > 1;
  return isTwice || parts.filter(({ is }) => is !== 'text').length > mostParts ? undefined : parts;
}
