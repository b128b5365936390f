import { queryOptions } from '@tanstack/react-query';
import { installation } from '../../flow/contract/installation.ts';
import { call } from './call.ts';

/** How this Heddle was set up; it does not change while it runs. */
export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: ({ signal }) => call('GET', '/api/v1/installation', { shape: installation, signal }),
  staleTime: Infinity,
});
