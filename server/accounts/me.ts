import type { Me } from '../../flow/contract/account.ts';
import type { Member } from '../http/caller.ts';
import { Refusal, unauthenticated } from '../http/refusal.ts';
import type { Orm } from './database.ts';
import { listWorkspaces, readPerson, readWorkspace } from './workspaces.ts';

/** Who the caller is, where they act, and where else they could. */
export async function describeCaller(orm: Orm, caller: Member): Promise<Me> {
  const workspace = await readWorkspace(orm, caller.workspace);
  if (!workspace) throw unauthenticated();
  if (caller.kind === 'key') {
    return {
      kind: 'key',
      id: caller.keyId,
      role: caller.role,
      workspace,
      workspaces: [{ ...workspace, role: caller.role }],
    };
  }
  const person = await readPerson(orm, caller.userId);
  if (!person) throw unauthenticated();
  return {
    kind: 'user',
    ...person,
    role: caller.role,
    workspace,
    workspaces: await listWorkspaces(orm, caller.userId),
  };
}

/** The person behind a session; keys are nobody's and may not do this. */
export function personOf(caller: Member): string {
  if (caller.kind === 'user') return caller.userId;
  throw new Refusal(403, 'person-needed', 'This needs a person who is logged in, not a key.');
}

/** The id under which something was made. */
export const idOf = (caller: Member): string => (caller.kind === 'user' ? caller.userId : caller.keyId);
