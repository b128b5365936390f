import type { ListedRoute } from './door.ts';

/** The methods that routes of an address take; none when nothing answers to it. `address` is a path without its query. */
export function methodsAt(listed: readonly ListedRoute[], address: string): string[] {
  const parts = address.split('/');
  const methods = listed.filter(({ path }) => fits(path.split('/'), parts)).map(({ method }) => method);
  return [...new Set(methods)].toSorted();
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  const last = pattern.at(-1);
  if (last === '*')
    return parts.length >= pattern.length && fits(pattern.slice(0, -1), parts.slice(0, pattern.length - 1));
  return (
    pattern.length === parts.length &&
    pattern.every((part, n) => part === parts[n] || (part.startsWith(':') && parts[n] !== ''))
  );
}
