import { useQuery } from '@tanstack/react-query';
import { mayAct } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';
import { meQuery } from './me.ts';

/** Nobody tells a page that an owner changed a role: it is asked for again as often as this. */
const againMs = 60_000;

/** What whoever looks may do in this workspace; undefined while that is not known. Strangers, of whom that is known, are not asked about. */
export function useRole(isMember = true): Role | undefined {
  return useQuery({ ...meQuery, enabled: isMember, refetchInterval: againMs }).data?.role;
}

/** Whether whoever looks may do what needs a role. While theirs is not known they may: nothing that comes a moment later jumps. */
export function useMay(needed: Role): boolean {
  const role = useRole();
  return role === undefined || mayAct(role, needed);
}
