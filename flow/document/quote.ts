/** Text of strangers inside a message: at most 80 characters, without controls and without marks that turn or hide text. */
export function quote(text: string): string {
  const seen = plain(text.slice(0, 200));
  return `“${seen.length > 80 ? `${seen.slice(0, 80)}…` : seen}”`;
}

/** Text of strangers without controls and without marks that turn or hide text. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '�');

/** The known word that somebody most likely meant; undefined when none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 80) return undefined;
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const limit = Math.max(1, Math.floor(Math.min(candidate.length, word.length) / 3));
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word, candidate, best ? Math.min(limit, best.distance - 1) : limit);
    if (distance !== undefined) best = { word: candidate, distance };
  }
  return best?.word;
}

/** Changes, additions, losses and swapped neighbours between two words (optimal string alignment); undefined once it must pass the limit. */
function editDistance(from: string, to: string, limit: number): number | undefined {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = isSwap ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1, swap));
    }
    if (Math.min(...next) > limit) return undefined;
    before = row;
    row = next;
  }
  return row[to.length]! <= limit ? row[to.length] : undefined;
}
