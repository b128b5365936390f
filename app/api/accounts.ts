import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { done, invitation, setupState, wayOut } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';
import { call } from './call.ts';
import { asked, trpc } from './trpc.ts';

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: () => asked(trpc.accounts.members.query()),
});
export const invitesQuery = queryOptions({
  queryKey: ['invites'],
  queryFn: () => asked(trpc.accounts.invites.query()),
});
export const keysQuery = queryOptions({ queryKey: ['keys'], queryFn: () => asked(trpc.accounts.keys.query()) });

export const changeRole = (id: string, role: Role) => asked(trpc.accounts.changeRole.mutate({ id, role }));
export const removeMember = (id: string) => asked(trpc.accounts.removeMember.mutate({ id }));
export const invite = (email: string, role: Role) => asked(trpc.accounts.invite.mutate({ email, role }));
export const revokeInvite = (id: string) => asked(trpc.accounts.revokeInvite.mutate({ id }));
export const createKey = (name: string, role: Role) => asked(trpc.accounts.createKey.mutate({ name, role }));
export const revokeKey = (id: string) => asked(trpc.accounts.revokeKey.mutate({ id }));
export const createWorkspace = (name: string, slug: string) =>
  asked(trpc.accounts.createWorkspace.mutate({ name, slug }));

const nothing = z.unknown();

/** Whether the installation still needs an owner, how one may log in, and whether one is. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => call('GET', '/api/setup', { shape: setupState, signal }),
  staleTime: 60_000,
});

export const setUp = (wanted: { email: string; password: string; name: string }) =>
  call('POST', '/api/setup', { body: wanted, shape: done });
export const logIn = (wanted: { email: string; password: string }) =>
  call('POST', '/api/login', { body: wanted, shape: done });
export const logOut = () => call('POST', '/api/logout', { shape: nothing });
export const changePassword = (current: string, next: string) =>
  call('PUT', '/api/v1/me/password', { body: { current, next }, shape: nothing });

/** Where to go for a login by a provider, and where one wants to be afterwards. */
export const startOidc = (provider: string, to: string) =>
  call('POST', '/api/login/oidc', { body: { provider, to }, shape: wayOut });

/** What an invitation is for. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => call('POST', '/api/invites/look', { body: { token }, shape: invitation, signal }),
    retry: false,
  });
export const acceptInvite = (wanted: { token: string; name?: string; password?: string }) =>
  call('POST', '/api/invites/accept', { body: wanted, shape: done });
