import * as z from 'zod';

/** What lies around code that people wrote, as the server that is asked found it on its machine. */
export const sandboxWalls = z.object({
  by: z.enum(['bwrap', 'setpriv', 'nothing']),
  noNewPrivs: z.boolean().describe('No child process can gain rights'),
  seccomp: z.boolean().describe('A filter refuses network, processes and namespaces; everything is read-only'),
  users: z
    .enum(['each', 'nobody', 'same'])
    .describe('Whether each child process is a user of its own, all are nobody, or all are the server’s'),
  why: z.string().optional().describe('Why there is no more'),
});
export type SandboxWalls = z.infer<typeof sandboxWalls>;

/** How this Heddle was set up, as far as its people need to know. */
export const installation = z.object({
  hooks: z.string().describe('Where webhooks, forms and links of all workspaces begin'),
  sandbox: sandboxWalls,
});
