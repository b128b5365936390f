import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { credential, credentialUse } from '../../flow/contract/credential.ts';
import type { CredentialTypeName } from '../../flow/document/credential.ts';
import { call } from './call.ts';

/** The credentials of the workspace, by name. */
export const credentialsQuery = queryOptions({
  queryKey: ['credentials'],
  queryFn: async ({ signal }) =>
    (await call('GET', '/api/v1/credentials', { shape: z.object({ items: z.array(credential) }), signal })).items,
});

const placeOf = (id: string) => `/api/v1/credentials/${encodeURIComponent(id)}`;

/** The workflows that name a credential. */
export const usesQuery = (id: string) =>
  queryOptions({
    queryKey: ['credentials', id, 'uses'],
    queryFn: async ({ signal }) =>
      (await call('GET', placeOf(id), { shape: z.object({ uses: z.array(credentialUse) }), signal })).uses,
    staleTime: 0,
  });

/** What a credential is made of, on its way in. */
export interface CredentialDraft {
  readonly name: string;
  readonly type: CredentialTypeName;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly hosts: readonly string[];
}

export const createCredential = (draft: CredentialDraft) =>
  call('POST', '/api/v1/credentials', { body: draft, shape: credential });

/** Replaces all fields of a credential, its hosts, or both. */
export const changeCredential = (id: string, wanted: Partial<Pick<CredentialDraft, 'fields' | 'hosts'>>) =>
  call('PUT', placeOf(id), { body: wanted, shape: credential });

export const deleteCredential = (id: string) => call('DELETE', placeOf(id), { shape: z.unknown() });
