const first = Date.UTC(1, 0, 1);
const last = Date.UTC(9999, 11, 31);

/** A moment (epoch milliseconds) that a Date and a database can hold and people can read: what lies beyond is the first or the last of them. */
export const withinCalendar = (at: number): number => Math.min(Math.max(at, first), last);

/** Such a moment as ISO text. */
export const isoOf = (at: number): string => new Date(withinCalendar(at)).toISOString();
