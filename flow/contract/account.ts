import * as z from 'zod';
import { time } from './time.ts';

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

/** Who belongs to a workspace. */
export const member = z.object({ id: z.string(), email: z.string(), name: z.string(), role, since: time });
export type MemberView = z.infer<typeof member>;

/** An invitation that nobody took yet. */
export const openInvite = z.object({ id: z.string(), email: z.string(), role, createdAt: time, expiresAt: time });
export type OpenInvite = z.infer<typeof openInvite>;

/** An invitation that was just made: its link is told this once. */
export const madeInvite = z.object({ id: z.string(), token: z.string(), url: z.string(), expiresAt: time });

/** An API key that holds, without what it is used by. */
export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  role,
  prefix: z.string(),
  createdAt: time,
  lastUsedAt: time.nullable(),
});
export type KeyView = z.infer<typeof apiKey>;

/** A key that was just made: `key` is told this once. */
export const madeKey = z.object({ id: z.string(), key: z.string() });

/** A workspace, and what one may do there. */
export const workspace = z.object({ id: z.string(), slug: z.string(), name: z.string(), role });

/** Who calls, where they act, and where else they could. */
export const me = z.object({
  kind: z.enum(['user', 'key']),
  id: z.string(),
  email: z.string().optional(),
  name: z.string().optional(),
  role,
  workspace: workspace.omit({ role: true }),
  workspaces: z.array(workspace),
});
export type Me = z.infer<typeof me>;

/** A login by a provider, as owners set it up. */
export const provider = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.string(),
  role,
  issuer: z.string(),
  clientId: z.string(),
});

/** A `host:port` that a workspace may call although it is private. */
const hostPair = z
  .string()
  .regex(/^(\[[\da-f:.]+\]|[^\s:/[\]]+):\d{1,5}$/i, 'must be host:port, such as 10.0.0.5:8080');

/** What a workspace is set to. */
export const workspaceSettings = z.object({ allowHosts: z.array(hostPair).max(100) });
export type WorkspaceSettings = z.infer<typeof workspaceSettings>;
