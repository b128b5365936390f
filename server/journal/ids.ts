import { randomFillSync } from 'node:crypto';

const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** Asking the system for 16 bytes costs as much as asking for 4,096, and both stood in each call: 4 % of S1's processor time in the server. */
const pool = Buffer.alloc(4_096);
let used = pool.length;

function randomLetters(count: number): string {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let text = '';
  for (const byte of pool.subarray(used, (used += count))) text += letters[byte & 31];
  return text;
}

/** A new run id: `run_`, 10 characters of time (so that ids sort as they were made) and 16 random ones, in base 32. */
export function newRunId(now: number): string {
  let time = '';
  for (let rest = now, index = 0; index < 10; index++, rest = Math.floor(rest / 32)) time = letters[rest % 32]! + time;
  return `run_${time}${randomLetters(16)}`;
}

/** A new event id: `evt_` and 120 random bits in base 32. */
export const newEventId = (): string => `evt_${randomLetters(24)}`;
