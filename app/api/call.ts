import * as z from 'zod';
import { refusalBody } from '../../flow/contract/refusal.ts';
import { ApiError, away } from './api-error.ts';
import { noteRefusal } from './forbidden.ts';
import { send } from '../host/send.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Options<S extends z.ZodType> {
  readonly body?: unknown;
  /** What the answer must look like; without it, the answer is not read. */
  readonly shape: S;
  readonly signal?: AbortSignal | undefined;
  /** Goes on when the page is left. */
  readonly outlives?: boolean;
}

/** Calls the REST contract with the person's session. Throws an `ApiError` for whatever is not an answer of the promised shape. */
export async function call<S extends z.ZodType>(
  method: Method,
  path: string,
  { body, shape, signal, outlives = false }: Options<S>,
): Promise<z.output<S>> {
  const isRead = method === 'GET' || method === 'DELETE';
  const text = isRead ? undefined : JSON.stringify(body ?? {});
  const response = await reach(path, {
    method,
    headers: text === undefined ? {} : json,
    ...(text === undefined ? {} : { body: text }),
    // Browsers let 64 kB outlive a page.
    keepalive: outlives && (text?.length ?? 0) < 30_000,
    ...(signal ? { signal } : {}),
  });
  const said: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw asRefusal(response.status, said);
  const read = shape.safeParse(said);
  if (read.success) return read.data;
  throw new ApiError(response.status, {
    code: 'other-shape',
    message: 'The server answered in a shape that this page does not know.',
    mend: 'Reload the page: it may be older than the server.',
    details: z.prettifyError(read.error),
  });
}

const json = { 'content-type': 'application/json' };

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await send(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw away();
  }
}

function asRefusal(status: number, said: unknown): ApiError {
  const read = refusalBody.safeParse(said);
  if (read.success) {
    noteRefusal(status, read.data.error.code);
    return new ApiError(status, read.data.error);
  }
  if (status >= 502 && status <= 504) return away();
  return new ApiError(status, { code: `http-${status}`, message: `The server answered ${status}.` });
}
