import * as z from 'zod';

/** A workflow that a node of another one calls. */
export const workflowCall = z.object({
  node: z.string().describe('The key of the node'),
  workflow: z.string().describe('The id or the name that it calls'),
  always: z
    .boolean()
    .describe(
      'Whether each run that a call begins comes to it: no condition, filter, limit or approval stands before it',
    ),
});
export type WorkflowCall = z.infer<typeof workflowCall>;
