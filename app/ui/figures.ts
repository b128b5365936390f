/** A count as people read it: 1,204; from 10,000 on short, as 12.4 k. */
export function count(number: number): string {
  return number < 10_000 ? number.toLocaleString('en') : `${(Math.floor(number / 100) / 10).toLocaleString('en')} k`;
}

/** A number of items in words: `1 item`, `1,204 items`. */
export const items = (number: number): string => `${count(number)} ${number === 1 ? 'item' : 'items'}`;

/** A number of iterations in words. */
export const iterations = (number: number): string => `${count(number)} ${number === 1 ? 'iteration' : 'iterations'}`;

/** A stretch of time as people read it: 7.4 ms, 14 s, 1 m 36 s. */
export function duration(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Number((ms / 1_000).toFixed(1))} s`;
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.round((ms % 60_000) / 1_000);
  if (minutes < 60) return seconds === 0 ? `${minutes} m` : `${minutes} m ${seconds} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** How long something took, from two times in epoch milliseconds; empty while it is not over. */
export function took(from: number | null, to: number | null): string {
  return from !== null && to !== null ? duration(Math.max(0, to - from)) : '';
}

/** A time of day, `14:03:22`, in the reader's own zone. */
export const clock = (time: string | number): string => new Date(time).toLocaleTimeString('en-GB');
