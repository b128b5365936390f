import { IANAZone } from 'luxon';

/**
 * The clock on the wall of a time zone. Moments are epoch milliseconds; what the wall shows is written as the moment at which a wall in UTC shows
 * it.
 */
export interface Wall {
  /** What the wall shows at a moment. */
  at(moment: number): number;
  /** The moments at which the wall shows this: one; two where the clock is set back over it, none where it is set forward. In order. */
  momentsOf(shown: number): number[];
  /** The first moment after which the clock was set anew, of two moments between which it was set once. */
  turn(before: number, after: number): number;
}

const day = 86_400_000;

/** The wall clock of a zone that there is. */
export function wallOf(zone: string): Wall {
  const known = IANAZone.create(zone);
  const ahead = (moment: number) => Math.round(known.offset(moment) * 60_000);
  return {
    at: (moment) => moment + ahead(moment),
    momentsOf: (shown) => {
      // No zone is ahead or behind by more than a day, and none is set twice within two.
      const moments = [ahead(shown - day), ahead(shown + day)].map((by) => shown - by);
      return [...new Set(moments)].filter((moment) => moment + ahead(moment) === shown).toSorted((a, b) => a - b);
    },
    turn: (before, after) => {
      const was = ahead(before);
      let [low, high] = [before, after];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (ahead(middle) === was) low = middle;
        else high = middle;
      }
      return high;
    },
  };
}
