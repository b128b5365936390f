/** Where reading a text as JSON stands between two tokens: what may come, and what is open around it. */
export interface JsonPlace {
  readonly at: number;
  readonly wants: 'value' | 'name' | 'first' | 'colon' | 'after' | 'end';
  readonly open: Open | undefined;
}

interface Open {
  readonly sign: '{' | '[';
  readonly around: Open | undefined;
}

/** Where reading begins. */
export const jsonBegins: JsonPlace = { at: 0, wants: 'value', open: undefined };

/** Where a text stops being JSON, as an offset; its length where it ends too early. Hosts say so in different words, or not at all. */
export function brokenAt(text: string): number {
  for (let place = jsonBegins; ;) {
    const next = nextPlace(text, place);
    if (typeof next === 'number') return next;
    place = next;
  }
}

/** The place after the next token; where there is none, the offset at which the text breaks, which is its length where it ends. */
export function nextPlace(text: string, { at: from, wants, open }: JsonPlace): JsonPlace | number {
  const at = afterSpace(text, from);
  const sign = text[at];
  if (sign === undefined || wants === 'end') return at;
  if (wants === 'colon') return sign === ':' ? { at: at + 1, wants: 'value', open } : at;
  if (wants === 'after' || (wants === 'first' && (sign === '}' || sign === ']'))) {
    if (open && sign === (open.sign === '{' ? '}' : ']')) return closed(at + 1, open.around);
    if (sign !== ',' || wants === 'first') return at;
    return { at: at + 1, wants: open?.sign === '{' ? 'name' : 'value', open };
  }
  const isName = wants === 'name' || (wants === 'first' && open?.sign === '{');
  if (!isName && (sign === '{' || sign === '[')) return { at: at + 1, wants: 'first', open: { sign, around: open } };
  const end = tokenEnd(text, at, isName);
  if (end < 0) return -end - 1;
  return isName ? { at: end, wants: 'colon', open } : closed(end, open);
}

const closed = (at: number, open: Open | undefined): JsonPlace => ({ at, wants: open ? 'after' : 'end', open });

/** Space, tab and the ends of lines: JSON knows no others. */
const spaces: ReadonlySet<number> = new Set([32, 9, 10, 13]);

function afterSpace(text: string, from: number): number {
  let at = from;
  while (spaces.has(text.charCodeAt(at))) at++;
  return at;
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
