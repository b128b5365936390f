import type { Budget } from '../facts/budget.ts';
import { brokenAt, brokenMend, placeIn } from './broken-json.ts';
import { parseExactJson } from './exact-json.ts';

/** A piece of a text that was filled in: what the author wrote, or what an expression gave. */
export interface Piece {
  readonly text: string;
  readonly isFilled: boolean;
}

/** JSON that a text spells, or what is wrong with it: where, and what to do. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly mend: string };

/**
 * The one reader of JSON that is written as text, in every field that takes JSON: what is JSON once its expressions are filled in is
 * that JSON. Says where it is none, and when the quotes or line ends of a value that was filled in broke it.
 */
export function readJson(written: readonly Piece[], budget?: Budget): ReadJson {
  // Wrong JSON is looked through once more for each thing that may be wrong with it.
  budget?.aboutJson(written.reduce((sum, piece) => sum + piece.text.length, 0));
  const pieces = nothingAsNull(written);
  const text = pieces.map((piece) => piece.text).join('');
  try {
    return { ok: true, value: parseExactJson(text) };
  } catch {
    const at = brokenAt(text);
    const broken = pieces.find((piece) => piece.isFilled && escaped(piece.text) !== piece.text);
    const isQuotes =
      broken !== undefined && parses(pieces.map((one) => (one.isFilled ? escaped(one.text) : one.text)).join(''));
    return {
      ok: false,
      message: `is not valid JSON ${placeIn(text, at)}`,
      mend: isQuotes
        ? `A quote, backslash or line end in ${shown(broken.text)} broke it: write {{ JSON.stringify(…) }} without quotes around it.`
        : isFilledAt(pieces, at)
          ? `${brokenMend} An expression alone needs none: ${wholeExample}.`
          : brokenMend,
    };
  }
}

/** Nothing, where a value belongs, is null: `{"n": {{ $json.n }}}` of an item without n. Within quotes it is an empty text. */
function nothingAsNull(written: readonly Piece[]): readonly Piece[] {
  const pieces = [...written];
  for (let round = 0; round < written.length && pieces.some(isNothing); round += 1) {
    const text = pieces.map((piece) => piece.text).join('');
    const broken = brokenAt(text);
    let at = 0;
    const empty = pieces.findIndex((piece) => {
      const isHere = isNothing(piece) && at <= broken && text.slice(at, broken).trim() === '';
      at += piece.text.length;
      return isHere;
    });
    if (broken === text.length || empty < 0) return pieces;
    pieces[empty] = { text: 'null', isFilled: true };
  }
  return pieces;
}

/** JSON that is made by one expression: its texts need no quotes around them. */
const wholeExample = '{{ { id: $json.id } }}';

/** Whether what is wrong stands in a piece that an expression gave, or right behind it. */
function isFilledAt(pieces: readonly Piece[], at: number): boolean {
  let end = 0;
  return pieces.some(({ text, isFilled }) => {
    const begin = end;
    end += text.length;
    return isFilled && begin <= at && at <= end;
  });
}

const isNothing = ({ text, isFilled }: Piece): boolean => isFilled && text === '';

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

function parses(text: string): boolean {
  try {
    parseExactJson(text);
    return true;
  } catch {
    return false;
  }
}

const shown = (text: string): string => `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
