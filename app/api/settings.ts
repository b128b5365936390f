import { queryOptions } from '@tanstack/react-query';
import * as z from 'zod';
import { call } from './call.ts';

const settings = z.object({ allowHosts: z.array(z.string()) });

/** What a workspace is set to. */
export type WorkspaceSettings = z.output<typeof settings>;

/** How the workspace is set. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => call('GET', '/api/v1/settings', { shape: settings, signal }),
});

export const changeSettings = (wanted: WorkspaceSettings) =>
  call('PUT', '/api/v1/settings', { body: wanted, shape: settings });
