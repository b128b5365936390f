import { mayAct as reaches } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';
import { placeOf } from './place.ts';

/** What a route or procedure asks for; `public` is open to everybody. */
export type Needed = 'public' | Role;

/** Somebody who belongs to a workspace: a person with a session, or a program with a key. */
export type Member =
  | { readonly kind: 'user'; readonly userId: string; readonly workspace: string; readonly role: Role }
  | { readonly kind: 'key'; readonly keyId: string; readonly workspace: string; readonly role: Role };

/** A person who is logged in and belongs to no workspace (or to none of the asked-for name). */
export interface Stranger {
  readonly kind: 'user';
  readonly userId: string;
  readonly workspace: undefined;
  readonly role: undefined;
}

/** Nobody we know: no cookie and no key, or ones that no longer hold. */
export interface Anonymous {
  readonly kind: 'anonymous';
  readonly workspace: undefined;
  readonly role: undefined;
}

/** Who asks, as every route and procedure sees it. */
export type Caller = Member | Stranger | Anonymous;

export const anonymous: Anonymous = { kind: 'anonymous', workspace: undefined, role: undefined };

/** Whether a role may do what needs `needed`. */
export const mayAct = (role: Role | undefined, needed: Needed): boolean =>
  needed === 'public' || (role !== undefined && reaches(role, needed));

/** Whether the caller belongs to a workspace. */
export const isMember = (caller: Caller): caller is Member => caller.role !== undefined;

/** The name under which a caller's requests are counted: their own, or the place of somebody we do not know. */
export function countedAs(caller: Caller, address: string): string {
  if (caller.kind === 'key') return `key:${caller.keyId}`;
  return caller.kind === 'user' ? `user:${caller.userId}` : `ip:${placeOf(address)}`;
}
