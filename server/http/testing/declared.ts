import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { refusalBody } from '../../../flow/contract/refusal.ts';
import type { Route } from '../route.ts';

/** An answer with what was asked for; `body` is undefined where there was none. */
export interface Told {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
}

/**
 * Holds answers to what their routes declare: a status that is declared, a body of its shape, and no field beside it. Gives what is wrong, or
 * undefined; what no route declares (streams, webhooks) is not looked at.
 */
export function replyJudge(routes: readonly Route[]): (told: Told) => string | undefined {
  // Of two that fit, the one with fewer names in it: /nodes/index before /nodes/:type.
  const known = routes
    .map((route) => ({ route, names: route.path.split(':').length, pattern: patternOf(route.path) }))
    .toSorted((one, other) => one.names - other.names);
  return (told) => {
    const [path = ''] = told.url.split('?');
    const found = known.find(({ route, pattern }) => route.method === told.method && pattern.test(path));
    const wrong = found && judge(found.route, told);
    return wrong && `${told.method} ${told.url} answered ${told.status}: ${wrong}`;
  };
}

const patternOf = (path: string) => new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);

function judge({ replies }: Route, { status, body }: Told): string | undefined {
  const shape: z.ZodType | undefined = status >= 400 ? refusalBody : replies[status];
  if (!shape) return 'it declares no such status';
  const read = shape.safeParse(body);
  if (!read.success) return `not of the shape that it declares: ${z.prettifyError(read.error)}`;
  return isDeepStrictEqual(read.data, body) ? undefined : `more than it declares: ${JSON.stringify(body)}`;
}
