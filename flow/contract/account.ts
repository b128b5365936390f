import * as z from 'zod';

/** What one may do in a workspace; each role includes the ones before it. */
export const roles = ['viewer', 'operator', 'editor', 'owner'] as const;
export type Role = (typeof roles)[number];
export const role = z.enum(roles);

/** Whether who has a role may do what needs another. */
export const mayAct = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

/** Whether the installation still needs an owner, how one may log in, and whether who asks is. */
export const setupState = z.object({
  needed: z.boolean(),
  known: z.boolean(),
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** It is done. */
export const done = z.object({ ok: z.literal(true) });

/** Where to go for a login by a provider. */
export const wayOut = z.object({ url: z.string() });

/** What an invitation is for. */
export const invitation = z.object({ email: z.string(), role, workspace: z.string(), hasAccount: z.boolean() });

/** A `host:port` that a workspace may call although it is private. */
const hostPair = z
  .string()
  .regex(/^(\[[\da-f:.]+\]|[^\s:/[\]]+):\d{1,5}$/i, 'must be host:port, such as 10.0.0.5:8080');

/** What a workspace is set to. */
export const workspaceSettings = z.object({ allowHosts: z.array(hostPair).max(100) });
export type WorkspaceSettings = z.infer<typeof workspaceSettings>;
