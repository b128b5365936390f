/** A path as an author wrote it, taken apart: `orders/:id` takes one part by name. */
export interface Pattern {
  readonly parts: readonly (string | { readonly name: string })[];
  /** The pattern with the names taken away: two with one shape answer to the same addresses. */
  readonly shape: string;
}

/** Takes a path apart; slashes at its ends do not count. */
export function patternOf(path: string): Pattern {
  const parts = path
    .replaceAll(/^\/+|\/+$/g, '')
    .split('/')
    .map((part) => (/^:[A-Za-z_]\w*$/.test(part) ? { name: part.slice(1) } : part));
  return { parts, shape: parts.map((part) => (typeof part === 'string' ? part : ':')).join('/') };
}

/** The named parts of an address that fits the pattern; undefined when it does not. Cases count; nothing is tidied. */
export function matchPath({ parts }: Pattern, segments: readonly string[]): Record<string, string> | undefined {
  if (parts.length !== segments.length) return undefined;
  const named: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index]!;
    if (typeof part !== 'string') {
      if (segment === '') return undefined;
      Object.defineProperty(named, part.name, { value: segment, enumerable: true, configurable: true, writable: true });
    } else if (part !== segment) return undefined;
  }
  return named;
}
