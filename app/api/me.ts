import { queryOptions } from '@tanstack/react-query';
import { me } from '../../flow/contract/account.ts';
import { call } from './call.ts';

/** Who is logged in, where, and what they may do there. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call('GET', '/api/v1/me', { shape: me, signal }),
  staleTime: 60_000,
  // Who was told of a new role comes back to the page to see it.
  refetchOnWindowFocus: 'always',
});
