import { Refusal } from './refusal.ts';

/** 429, with the seconds after which trying again makes sense. */
export const tooMany = (seconds: number): Refusal =>
  new Refusal(429, 'too-many', 'These are too many requests at once.', {
    mend: `Wait ${Math.max(1, seconds)} s.`,
    headers: { 'retry-after': String(Math.max(1, seconds)) },
  });
