import * as z from 'zod';
import type { Caller, Member, Needed } from './caller.ts';
import type { Code } from './codes.ts';
import type { JsonWarning } from '../text/json-scan.ts';
import type { JsonText } from './json-text.ts';
import type { MakeRoom } from './readers.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The body of each status that a route answers with; `nothing` for none. */
export type Replies = Readonly<Record<number, z.ZodType>>;

/** The schema of an answer without a body. */
export const nothing = z.undefined();

/** One of the answers that a route declares. */
export type Answer<R extends Replies = Replies> = {
  [S in keyof R & number]: {
    readonly status: S;
    readonly body: z.output<R[S]> | JsonText<z.output<R[S]>>;
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  };
}[keyof R & number];

/** What a route's handle is given: everything parsed, the caller admitted. */
export interface Asked<N extends Needed = Needed, P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: N extends 'public' ? Caller : Member;
  /** The workspace that the caller acts in; nothing else may choose it. */
  readonly workspace: N extends 'public' ? string | undefined : string;
  /** What in the body could not be kept as it came. */
  readonly warnings: readonly JsonWarning[];
  /** The request's headers, for those who read cookies; lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The caller's address. */
  readonly ip: string;
  /** Ends when the caller goes away. */
  readonly signal: AbortSignal;
  /** For an answer that holds much while it is made and sent: asked before that is read. */
  readonly makeRoom: MakeRoom;
}

/** A route as it was declared, without the types of its parts. */
export interface Route {
  readonly method: Method;
  /** As Fastify writes it: `/api/v1/runs/:id`. */
  readonly path: string;
  readonly role: Needed;
  /** One line for the OpenAPI document. */
  readonly summary: string;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType | undefined;
  /** Bytes; 1 MB when left out, 10 MB at most. */
  readonly bodyLimit: number | undefined;
  readonly replies: Replies;
  /** Its body is one object for all who get it, with nobody's secrets and nothing of the request in it: it is compressed once and not at every request. */
  readonly isConstant: boolean;
  /** Codes that it may refuse with, beside those that follow from what it takes. */
  readonly refuses: readonly Code[];
  readonly handle: (asked: Asked) => Promise<Answer>;
}

const noFields = z.strictObject({});
const mostBytes = 10 * 1024 * 1024;

/**
 * Declares a REST route once: its role, what it takes and gives (zod), what it does. The Fastify route, the parsing (unknown fields refused),
 * the OpenAPI document and the role matrix follow from it.
 *
 *     route({ method: 'GET', path: '/api/v1/runs/:id', role: 'viewer', summary: 'One run', params: z.object({ id: z.string() }),
 *       replies: { 200: Run }, handle: async ({ params, workspace }) => ({ status: 200, body: await readRun(workspace, params.id) }) })
 */
export function route<
  const N extends Needed,
  R extends Replies,
  P extends z.ZodType = typeof noFields,
  Q extends z.ZodType = typeof noFields,
  B extends z.ZodType = z.ZodUndefined,
>(declared: {
  method: Method;
  path: string;
  role: N;
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  bodyLimit?: number;
  replies: R;
  isConstant?: boolean;
  refuses?: readonly Code[];
  handle: (asked: Asked<N, z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer<NoInfer<R>>>;
}): Route {
  const { params, query, body, bodyLimit, isConstant = false, handle } = declared;
  if (bodyLimit && bodyLimit > mostBytes) throw new Error(`${declared.path} takes bodies over 10 MB.`);
  return {
    ...declared,
    params: strictly(params ?? noFields),
    query: strictly(query ?? noFields),
    body: body && strictly(body),
    bodyLimit,
    isConstant,
    refuses: declared.refuses ?? [],
    // The parts were parsed by the very schemas that the types come from.
    handle: handle as unknown as Route['handle'],
  };
}

/** Unknown fields of an envelope are refused, never dropped (CONTRACT). */
function strictly(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject ? schema.strict() : schema;
}
