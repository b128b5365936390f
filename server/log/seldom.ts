/**
 * Says something at most once in `everyMs`, and how often it went unsaid since the last time: for what happens to every call while a
 * database is away, where one line tells as much as a thousand.
 */
export function seldom<About>(
  everyMs: number,
  say: (about: About, unsaid: number) => void,
  clock: () => number = () => performance.now(),
): (about: About) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return (about) => {
    const now = clock();
    if (now - saidAt < everyMs) {
      unsaid += 1;
      return;
    }
    const left = unsaid;
    saidAt = now;
    unsaid = 0;
    say(about, left);
  };
}
