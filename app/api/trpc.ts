import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import * as z from 'zod';
import type { AppRouter } from '../../server/router.ts';
import { refusal } from '../../flow/contract/refusal.ts';
import { ApiError, away } from './api-error.ts';
import { noteRefusal } from './forbidden.ts';
import { send } from '../host/send.ts';

/** The app's router as typed calls. */
export const trpc = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: '/trpc', fetch: (url, init) => send(String(url), init as RequestInit), maxItems: 20 })],
});

const shape = z.object({ httpStatus: z.number(), error: refusal.omit({ message: true }) });

/** Waits for a call of the router; what it throws becomes an `ApiError`, so that screens know one kind of refusal. */
export async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    const read = shape.safeParse(error.data);
    if (!read.success) throw away();
    noteRefusal(read.data.httpStatus, read.data.error.code);
    throw new ApiError(read.data.httpStatus, { ...read.data.error, message: error.message });
  }
}
