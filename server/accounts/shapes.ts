import * as z from 'zod';
import { role as RoleName } from '../../flow/contract/account.ts';

// What routes and procedures of this room take and give.

const At = z.iso.datetime();

export const MemberShape = z.object({ id: z.string(), email: z.string(), name: z.string(), role: RoleName, since: At });
export const InviteShape = z.object({
  id: z.string(),
  email: z.string(),
  role: RoleName,
  createdAt: At,
  expiresAt: At,
});
export const KeyShape = z.object({
  id: z.string(),
  name: z.string(),
  role: RoleName,
  prefix: z.string(),
  createdAt: At,
  lastUsedAt: At.nullable(),
});
export const WorkspaceShape = z.object({ id: z.string(), slug: z.string(), name: z.string(), role: RoleName });
export const ProviderShape = z.object({
  id: z.string(),
  name: z.string(),
  domain: z.string(),
  role: RoleName,
  issuer: z.string(),
  clientId: z.string(),
});
export const MeShape = z.object({
  kind: z.enum(['user', 'key']),
  id: z.string(),
  email: z.string().optional(),
  name: z.string().optional(),
  role: RoleName,
  workspace: WorkspaceShape.omit({ role: true }),
  workspaces: z.array(WorkspaceShape),
});

export const KeyWanted = z.strictObject({ name: z.string().trim().min(1).max(100), role: RoleName.default('editor') });
