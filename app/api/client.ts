import { QueryCache, QueryClient, notifyManager } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';

/** Refusals do not change by asking again; a server that is away may come back. */
const isWorthRetry = (count: number, error: Error) =>
  count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

/** The memory of what the server said. `onStranger` is called when it does not know who asks. */
export function openClient(onStranger: () => void): QueryClient {
  // Told within the press itself that something is under way, a button is busy before a second press can come; by default that is a timer later.
  notifyManager.setScheduler(queueMicrotask);
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) onStranger();
      },
    }),
    defaultOptions: { queries: { retry: isWorthRetry, staleTime: 5_000, refetchOnWindowFocus: true } },
  });
}
