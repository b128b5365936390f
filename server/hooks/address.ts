import { Refusal } from '../http/refusal.ts';

/** An address under /hooks or /forms, taken apart and decoded. */
export interface Address {
  readonly slug: string;
  readonly segments: readonly string[];
  /** As the item carries it: `/orders/17`. */
  readonly path: string;
  readonly query: string;
}

/**
 * Takes `/hooks/<slug>/<path>?<query>` apart. Each part is decoded once and must be plain then: a slash, a dot segment or a control character in
 * it fits no webhook (SAFETY W5). Undefined when it is no such address.
 */
export function addressOf(
  url: string,
  prefix: '/hooks/' | '/forms/' | '/test-hooks/' | '/test-forms/',
): Address | undefined {
  const end = url.indexOf('?');
  const whole = end < 0 ? url : url.slice(0, end);
  if (!whole.startsWith(prefix)) return undefined;
  const [slug = '', ...parts] = whole.slice(prefix.length).split('/');
  if (slug === '' || parts.length === 0) return undefined;
  const segments: string[] = [];
  for (const part of parts) {
    const segment = part.includes('%') ? decoded(part) : part;
    if (segment === undefined || !isPlain(segment)) return undefined;
    segments.push(segment);
  }
  return { slug, segments, path: `/${segments.join('/')}`, query: end < 0 ? '' : url.slice(end + 1) };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const isPlain = (segment: string) => segment !== '.' && segment !== '..' && !/[/\\]|\p{Cc}/u.test(segment);

/** 404, the same for what never was, what is not published, and another workspace's. */
export const noHook = (): Refusal => new Refusal(404, 'not-found', 'There is no such webhook.');

/** 405 for a webhook that is there and takes other methods. */
export const wrongMethod = (methods: readonly string[]): Refusal =>
  new Refusal(405, 'method', `This webhook takes ${methods.join(', ')}.`, { headers: { allow: methods.join(', ') } });
