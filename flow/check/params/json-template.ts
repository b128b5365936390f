import { isJsonText } from '../../document/json.ts';
import { parseTemplate } from '../../expression/template.ts';
import { beginsAsJson, brokenAt, jsonBegins, nextPlace } from '../../values/broken-json.ts';
import type { JsonPlace } from '../../values/broken-json.ts';

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
  if (isJsonText(joined(pieces))) return undefined;
  const best = filled(pieces, furthest);
  const told = best && !isJsonText(joined(best)) ? filled(pieces, valueFirst) : undefined;
  return told && placeIn(told, text);
}

/** Of gifts with how far each lets the text be read, the one that is taken. */
type Taking = (reaches: readonly (readonly [gift: string, reach: number])[]) => string;

const furthest: Taking = (reaches) => reaches.reduce((best, one) => (one[1] > best[1] ? one : best))[0];

/** Where a value may stand it is a value: the comma that is missing after it is missed there. */
const valueFirst: Taking = (reaches) => (reaches[0]![1] >= 0 ? reaches[0]![0] : furthest(reaches));

/** Gives each expression in turn what it may have given; undefined where there is too much to read. */
function filled(pieces: readonly Piece[], take: Taking): readonly Piece[] | undefined {
  const made = pieces.map((piece) => (piece.isFilled ? { ...piece, text: gifts[0] as string } : piece));
  const budget = { left: mostTokens };
  const whole = joined(made);
  let reading = readJson(whole, jsonBegins, budget);
  let head = '';
  let done = 0;
  let tried = 0;
  for (const piece of made) {
    done += piece.text.length;
    if (piece.isFilled && tried++ < mostTried) {
      const [before, tail] = [head, whole.slice(done)];
      const readings = gifts.map((gift) => [gift, readGift(reading, { before, gift, tail }, budget)] as const);
      if (budget.left < 0) return undefined;
      piece.text = take(readings.map(([gift, one]) => [gift, tail.length - one.unread]));
      if (piece.text !== gifts[0]) reading = readJson(before + piece.text + tail, jsonBegins, budget);
    }
    head += piece.text;
  }
  return budget.left < 0 ? undefined : made;
}

/** Tokens of one text that are read, with all that its expressions may give: some 50 ms. */
const mostTokens = 300_000;

/** How a text was read: where it stood between tokens, by how much was left then, and how much was left unread; less than nothing where it is whole. */
interface Reading {
  readonly places: ReadonlyMap<number, JsonPlace>;
  readonly unread: number;
}

function readJson(text: string, from: JsonPlace, budget: { left: number }): Reading {
  const places = new Map<number, JsonPlace>();
  for (let place = from; ;) {
    places.set(text.length - place.at, place);
    const next = budget.left-- > 0 ? nextPlace(text, place) : 0;
    if (typeof next === 'number') return { places, unread: unreadAt(text, place, next) };
    place = next;
  }
}

/** Reads with a gift in place of `null`, only as far as it is read otherwise: 50 expressions of 100 kB would be read 400 times. */
function readGift(
  known: Reading,
  { before, gift, tail }: { readonly before: string; readonly gift: string; readonly tail: string },
  budget: { left: number },
): Pick<Reading, 'unread'> {
  if (gift === gifts[0]) return known;
  const text = before + gift + tail;
  let place = lastBefore(known, before, tail);
  for (;;) {
    const left = text.length - place.at;
    const same = left <= tail.length ? known.places.get(left) : undefined;
    if (same?.wants === place.wants && same.open === place.open) return known;
    const next = budget.left-- > 0 ? nextPlace(text, place) : 0;
    if (typeof next === 'number') return { unread: unreadAt(text, place, next) };
    place = next;
  }
}

const unreadAt = (text: string, { wants }: JsonPlace, at: number): number =>
  at >= text.length && wants === 'end' ? -Infinity : text.length - at;

/** Where a reading stood last before a piece: what ends just there may go on in it. */
function lastBefore({ places }: Reading, before: string, tail: string): JsonPlace {
  const after = gifts[0].length + tail.length;
  for (let at = before.length - 1; at > 0; at--) {
    const place = places.get(before.length - at + after);
    if (place) return place;
  }
  return jsonBegins;
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
