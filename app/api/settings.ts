import { queryOptions } from '@tanstack/react-query';
import { workspaceSettings } from '../../flow/contract/account.ts';
import type { WorkspaceSettings } from '../../flow/contract/account.ts';
import { call } from './call.ts';

/** How the workspace is set. */
export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => call('GET', '/api/v1/settings', { shape: workspaceSettings, signal }),
});

export const changeSettings = (wanted: WorkspaceSettings) =>
  call('PUT', '/api/v1/settings', { body: wanted, shape: workspaceSettings });
