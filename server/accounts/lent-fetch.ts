import { AsyncLocalStorage } from 'node:async_hooks';

type Fetch = typeof globalThis.fetch;

const lent = new AsyncLocalStorage<Fetch>();
let isHung = false;

/**
 * Does work whose every `fetch`, however deep in a library, is the one that is lent. better-auth's SSO takes none as an option and calls the
 * global one, which dials by itself; everybody else's global `fetch` stays what it was.
 */
export function withFetch<T>(fetch: Fetch, work: () => Promise<T>): Promise<T> {
  hang();
  return lent.run(fetch, work);
}

/** Puts the choice before the global `fetch`, once a process. */
function hang(): void {
  if (isHung) return;
  isHung = true;
  const own = globalThis.fetch;
  globalThis.fetch = (input, init) => (lent.getStore() ?? own)(input, init);
}
