import * as z from 'zod';

/** What the server says when it refuses: a stable code in kebab-case, a sentence, and what can be done about it. */
export const refusal = z.object({
  code: z.string(),
  message: z.string(),
  mend: z.string().optional(),
  details: z.unknown().optional(),
});

/** The body of every answer that is a refusal. */
export const refusalBody = z.object({ error: refusal });
