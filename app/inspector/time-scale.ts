/** A stretch of time, in epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Time that is shown narrow because nothing happened in it; its place as parts of the width. */
export interface Fold {
  readonly left: number;
  readonly width: number;
  readonly ms: number;
}

/** Where an instant stands, from 0 at the left to 1 at the right, and where time is folded. */
export interface TimeScale {
  readonly at: (ms: number) => number;
  readonly folds: readonly Fold[];
}

/** A pause shorter than this is shown as long as it was. */
const foldFromMs = 10_000;
const mostFolded = 0.5;
const foldWidth = 0.22;

/** Time from `whole.from` to `whole.to` laid out so that work has room: pauses over 10 s in which nothing is busy are folded. */
export function scaleOf(whole: Stretch, busy: readonly Stretch[]): TimeScale {
  const pauses = pausesOf(whole, busy).filter(({ from, to }) => to - from > foldFromMs);
  const worked = whole.to - whole.from - pauses.reduce((sum, { from, to }) => sum + to - from, 0);
  const folded = worked === 0 ? 1 : Math.min(mostFolded, foldWidth * pauses.length);
  const narrow = pauses.length === 0 ? 0 : folded / pauses.length;
  const perMs = worked === 0 ? 0 : (1 - narrow * pauses.length) / worked;
  // Knots: each stretch of time with where it begins and how wide it is.
  const knots: { from: number; to: number; left: number; width: number; isFold: boolean }[] = [];
  let [time, left] = [whole.from, 0];
  const lay = (to: number, isFold: boolean) => {
    const width = isFold ? narrow : (to - time) * perMs;
    knots.push({ from: time, to, left, width, isFold });
    [time, left] = [to, left + width];
  };
  for (const { from, to } of pauses) {
    lay(from, false);
    lay(to, true);
  }
  lay(whole.to, false);
  const at = (ms: number) => {
    const knot = knots.find(({ to }) => ms <= to) ?? knots.at(-1);
    if (!knot || knot.to === knot.from) return ms <= whole.from ? 0 : Math.min(1, knot?.left ?? 1);
    const part = Math.min(1, Math.max(0, (ms - knot.from) / (knot.to - knot.from)));
    return Math.min(1, Math.max(0, knot.left + part * knot.width));
  };
  const folds = knots
    .filter(({ isFold }) => isFold)
    .map((one) => ({ left: one.left, width: one.width, ms: one.to - one.from }));
  return { at, folds };
}

/** What of the whole is in none of the busy stretches. */
function pausesOf(whole: Stretch, busy: readonly Stretch[]): Stretch[] {
  const pauses: Stretch[] = [];
  let reached = whole.from;
  for (const { from, to } of busy.toSorted((one, other) => one.from - other.from)) {
    if (from > reached) pauses.push({ from: reached, to: Math.min(from, whole.to) });
    reached = Math.max(reached, to);
  }
  if (whole.to > reached) pauses.push({ from: reached, to: whole.to });
  return pauses;
}
