import { isJsonText } from '../../document/json.ts';
import { parseTemplate } from '../../expression/template.ts';
import { beginsAsJson, brokenAt } from '../../values/broken-json.ts';

/** A piece of a template with something in place of each expression, and where it stands in the template. */
interface Piece {
  text: string;
  readonly from: number;
  readonly isFilled: boolean;
}

/** What an expression may give among JSON: a value, a name, nothing, a field, or a sign. Within quotes all of them are text. */
const gifts = ['null', '"k"', '', '"k":null', ',', ':', '}', ']'] as const;
const mostTried = 50;
const longest = 100_000;

/**
 * Where a text of a JSON field is no JSON whatever its expressions give, as an offset in the text; undefined when it may be. What is
 * one expression alone may give anything; `isText`: what does not begin as an object or list is a text, as it may be without expressions.
 */
export function brokenTemplateAt(text: string, isText: boolean): number | undefined {
  const parsed = parseTemplate(text);
  if (!parsed.ok || text.length > longest) return undefined;
  const pieces: Piece[] = [];
  let done = 0;
  for (const segment of parsed.template.segments) {
    if (segment.kind === 'text') pieces.push({ text: segment.text, from: done, isFilled: false });
    else {
      pieces.push({ text: gifts[0], from: segment.start - 2, isFilled: true });
      done = segment.end + 2;
    }
  }
  const said = pieces.filter((piece) => piece.isFilled || piece.text.trim() !== '');
  const [first] = said;
  const isWhole = said.length === 1 && first?.isFilled === true;
  const mayBeText = isText || !pieces.some(({ isFilled }) => isFilled);
  if (first === undefined || isWhole || (mayBeText && (first.isFilled || !beginsAsJson(first.text)))) return undefined;
  if (isJsonText(joined(pieces)) || isJsonText(joined(filled(pieces, furthest)))) return undefined;
  return placeIn(filled(pieces, valueFirst), text);
}

/** Of gifts with how far each lets the text be read, the one that is taken. */
type Taking = (reaches: readonly (readonly [gift: string, reach: number])[]) => string;

const furthest: Taking = (reaches) => reaches.reduce((best, one) => (one[1] > best[1] ? one : best))[0];

/** Where a value may stand it is a value: the comma that is missing after it is missed there. */
const valueFirst: Taking = (reaches) => (reaches[0]![1] >= 0 ? reaches[0]![0] : furthest(reaches));

/** Gives each expression in turn what it may have given. */
function filled(pieces: readonly Piece[], take: Taking): readonly Piece[] {
  const made = pieces.map((piece) => (piece.isFilled ? { ...piece, text: gifts[0] as string } : piece));
  for (const piece of made.filter(({ isFilled }) => isFilled).slice(0, mostTried)) {
    const reaches = gifts.map((gift) => {
      piece.text = gift;
      return [gift, reachOf(made, piece)] as const;
    });
    piece.text = take(reaches);
  }
  return made;
}

/** How many characters after a piece are read as JSON. */
function reachOf(pieces: readonly Piece[], piece: Piece): number {
  const text = joined(pieces);
  if (isJsonText(text)) return Infinity;
  return brokenAt(text) - joined(pieces.slice(0, pieces.indexOf(piece) + 1)).length;
}

const joined = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

/** The place where what was filled in breaks, in the template. */
function placeIn(pieces: readonly Piece[], template: string): number {
  let left = brokenAt(joined(pieces));
  for (const { text, from, isFilled } of pieces) {
    if (left < text.length) return isFilled ? from : from + left;
    left -= text.length;
  }
  return template.length;
}
