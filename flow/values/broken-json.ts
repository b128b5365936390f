/** Where a text stops being JSON, as an offset; its length where it ends too early. Hosts say so in different words, or not at all. */
export function brokenAt(text: string): number {
  const open: ('{' | '[')[] = [];
  let wants: 'value' | 'name' | 'first' | 'colon' | 'after' | 'end' = 'value';
  let at = 0;
  while (at < text.length) {
    const sign = text[at]!;
    if (/\s/.test(sign)) {
      at += 1;
      continue;
    }
    const inside = open.at(-1);
    if (wants === 'end') return at;
    if (wants === 'colon') {
      if (sign !== ':') return at;
      [wants, at] = ['value', at + 1];
    } else if (wants === 'after' || (wants === 'first' && (sign === '}' || sign === ']'))) {
      const closes = inside === '{' ? '}' : ']';
      if (sign === closes) open.pop();
      else if (sign !== ',' || wants === 'first') return at;
      wants = sign === closes ? (open.length === 0 ? 'end' : 'after') : inside === '{' ? 'name' : 'value';
      at += 1;
    } else {
      const isName: boolean = wants === 'name' || (wants === 'first' && inside === '{');
      if (!isName && (sign === '{' || sign === '[')) {
        open.push(sign);
        [wants, at] = ['first', at + 1];
        continue;
      }
      const end: number = tokenEnd(text, at, isName);
      if (end < 0) return -end - 1;
      [wants, at] = [isName ? 'colon' : open.length === 0 ? 'end' : 'after', end];
    }
  }
  return text.length;
}

const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const quoted = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*/uy;

/** Where a text or scalar ends; below 0 it is broken, at minus that and one. */
function tokenEnd(text: string, at: number, isName: boolean): number {
  if (text[at] === '"') {
    quoted.lastIndex = at;
    const end = at + (quoted.exec(text)?.[0].length ?? 0);
    return text[end] === '"' ? end + 1 : -end - 1;
  }
  if (isName) return -at - 1;
  scalar.lastIndex = at;
  const found = scalar.exec(text)?.[0].length;
  return found === undefined ? -at - 1 : at + found;
}

/** So much is shown around a place: where a line is cut, what is wrong still stands in it. */
const ahead = 20;
const behind = 28;

/** A place in a text, in words: `at line 2, column 9: “"name": "Bob "the" man"”`. */
export function placeIn(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  const [from, to] = [Math.max(0, at - ahead), at + behind];
  const near = `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`.replaceAll(/\s+/g, ' ');
  return `at line ${before.length}, column ${before.at(-1)!.length + 1}: “${near}”`;
}

/** What mends a text that is no JSON by its own fault. */
export const brokenMend = 'Check the quotes, commas and brackets there; a text stands between double quotes.';

/** Whether a text is meant as JSON and not as a text among other values: it begins as an object or a list does. */
export const beginsAsJson = (text: string): boolean => /^\s*[[{]/.test(text);

/** Where a text stops being JSON, in a sentence: `It breaks at line 2, column 9: “…”.` */
export const brokenWords = (text: string): string => `It breaks ${placeIn(text, brokenAt(text))}.`;
