/** A count as people read it: 1,204; from 10,000 on short, as 12.4 k. */
export function count(number: number): string {
  return number < 10_000 ? number.toLocaleString('en') : `${(Math.floor(number / 100) / 10).toLocaleString('en')} k`;
}

/** A number of items in words: `1 item`, `1,204 items`. */
export const items = (number: number): string => `${count(number)} ${number === 1 ? 'item' : 'items'}`;

/** A number of errors in words. */
export const errors = (number: number): string => `${count(number)} ${number === 1 ? 'error' : 'errors'}`;

/** A number of iterations in words. */
export const iterations = (number: number): string => `${count(number)} ${number === 1 ? 'iteration' : 'iterations'}`;

/** A stretch of time as people read it: 7.4 ms, 999 ms, 1.2 s, 14 s, 1 m 36 s, 2 h 5 m, 3 d 4 h. What is cut off is never rounded up into the next unit. */
export function duration(ms: number): string {
  if (ms < 10) return `${Math.floor(ms * 10) / 10} ms`;
  if (ms < 1_000) return `${Math.floor(ms)} ms`;
  if (ms < 10_000) return `${Math.floor(ms / 100) / 10} s`;
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  const [size, large, part, small] = pairs.findLast(([least]) => ms >= least) ?? pairs[0];
  const rest = Math.floor((ms % size) / part);
  return `${Math.floor(ms / size)} ${large}${rest > 0 ? ` ${rest} ${small}` : ''}`;
}

const pairs = [
  [60_000, 'm', 1_000, 's'],
  [3_600_000, 'h', 60_000, 'm'],
  [86_400_000, 'd', 3_600_000, 'h'],
] as const;

/** A size as people read it: 11 bytes, 1.2 kB, 7 MB. */
export function bytes(size: number): string {
  if (size < 1_000) return `${size} ${size === 1 ? 'byte' : 'bytes'}`;
  if (size < 1_000_000) return `${Math.floor(size / 100) / 10} kB`;
  return `${Math.floor(size / 100_000) / 10} MB`;
}

/** A time of day, `14:03:22`, in the reader's own zone. */
export const clock = (time: string | number): string => new Date(time).toLocaleTimeString('en-GB');
