import * as z from 'zod';

/** A time, as the API says it. */
export const time = z.string().describe('ISO 8601');
