import * as z from 'zod';

/** A time, as the API says it. */
export const time = z.iso.datetime().describe('ISO 8601, in UTC');
