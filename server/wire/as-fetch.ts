import type { HttpClient } from './http-client.ts';

/** What libraries call `fetch`. */
export type Fetch = typeof globalThis.fetch;

const withoutBody = new Set([101, 204, 205, 304]);

/**
 * The guarded client in the shape of `fetch`, for libraries that speak nothing else: 1 MB and 10 s at most, redirects given back and never
 * followed.
 */
export const asFetch =
  ({ send }: Pick<HttpClient, 'send'>): Fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const body = new Uint8Array(await request.arrayBuffer());
    const reply = await send({
      method: request.method,
      url: request.url,
      headers: Object.fromEntries(request.headers),
      ...(body.byteLength > 0 ? { body } : {}),
      timeoutMs: 10_000,
      maxBytes: 1024 * 1024,
      followRedirects: 0,
      signal: request.signal,
    });
    const headers = new Headers();
    for (const [name, value] of Object.entries(reply.headers))
      // The body is decoded already.
      if (name !== 'content-encoding' && name !== 'content-length')
        for (const one of [value].flat()) headers.append(name, one);
    const { status, statusText } = reply;
    return new Response(withoutBody.has(status) ? null : new Uint8Array(reply.body), { status, statusText, headers });
  };
