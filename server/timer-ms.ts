/** The longest that a timer takes, some 25 days: one that is longer goes off at once. */
const longest = 2 ** 31 - 1;

/** Milliseconds for a timer of this process; a time that is longer ends with the process in any case. */
export const timerMs = (ms: number): number => Math.min(Math.max(Math.ceil(ms), 1), longest);
