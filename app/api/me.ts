import { queryOptions } from '@tanstack/react-query';
import { me } from '../../flow/contract/account.ts';
import { leaveTo } from '../host/place.ts';
import { forgetWorkspace, settleWorkspace } from '../host/session.ts';
import { ApiError } from './api-error.ts';
import { call } from './call.ts';

/** Who is logged in, where, and what they may do there. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal, client, queryKey }) => {
    try {
      const told = await call('GET', '/api/v1/me', { shape: me, signal });
      settleWorkspace(told.workspace.slug);
      return told;
    } catch (error) {
      // A page that began elsewhere than where they are still a member begins again; one at work says what it is refused.
      const isNew = client.getQueryData(queryKey) === undefined;
      if (isNew && error instanceof ApiError && error.code === 'no-workspace' && forgetWorkspace()) leaveTo('/');
      throw error;
    }
  },
  staleTime: 60_000,
  // Who was told of a new role comes back to the page to see it.
  refetchOnWindowFocus: 'always',
});
