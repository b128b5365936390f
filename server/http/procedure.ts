import { initTRPC, TRPCError } from '@trpc/server';
import type { AnyTRPCRouter } from '@trpc/server';
import * as z from 'zod';
import { refusalOf, invalid } from './answer-error.ts';
import type { Caller, Member, Needed } from './caller.ts';
import { isMember } from './caller.ts';
import { admit, admitStill } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import { whileAdmitted } from './while-admitted.ts';

/** What every procedure gets. */
export interface Context {
  readonly caller: Caller;
  /** Who the caller is now: asked again while a subscription is open. */
  readonly identifyAgain: () => Promise<Caller>;
  /** Takes a place for a subscription until the answer is closed; 429 when there is none. */
  readonly openStream: (caller: Member) => void;
  /** Names an unexpected error in the log and in the answer. */
  readonly number: string;
}

/** The role that a procedure needs, for the matrix. */
export interface Meta {
  readonly role: Needed;
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false, // stacks otherwise leave unless NODE_ENV is production
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 40_000 } },
    errorFormatter: ({ shape, error, ctx }) => {
      const refusal = causeOf(error);
      const status = refusal?.status ?? shape.data.httpStatus;
      const isOurs = status >= 500 && !refusal;
      return {
        code: shape.code,
        message: isOurs
          ? `Something went wrong in Heddle. Reference: (${ctx?.number ?? 'no number'}).`
          : (refusal?.message ?? shape.message),
        data: {
          code: shape.data.code,
          httpStatus: status,
          error: {
            code: refusal?.code ?? (isOurs ? 'our-fault' : shape.data.code.toLowerCase().replaceAll('_', '-')),
            mend: refusal?.more.mend,
            details: refusal?.more.details,
          },
        },
      };
    },
  });

/** Merges procedures, or the routers of rooms. */
export const router = t.router;

/** Calls procedures without HTTP, for tests. */
export const callerFactory = t.createCallerFactory;

/**
 * Begins a procedure that needs a role; there is no other way to make one. Its `ctx.caller` is a member and `ctx.workspace` the workspace
 * that they act in. An open subscription ends within 5 s when the caller may no longer do this.
 *
 *     export const runsProcedures = router({ one: procedure('viewer').input(z.strictObject({ id: z.string() })).query(({ ctx, input }) => …) });
 */
export const procedure = (role: Exclude<Needed, 'public'>) =>
  t.procedure.meta({ role }).use(async ({ ctx, next, type }) => {
    refuse(() => admit(ctx.caller, role));
    const { caller: began } = ctx;
    if (!isMember(began)) throw new TRPCError({ code: 'FORBIDDEN' });
    if (type === 'subscription') refuse(() => ctx.openStream(began));
    const result = await next({ ctx: { caller: began, workspace: began.workspace } });
    if (!result.ok) throw asTrpc(result.error.cause ?? result.error);
    if (type !== 'subscription' || !isStream(result.data)) return result;
    const check = async () => admitStill(await ctx.identifyAgain(), began, role);
    return { ...result, data: whileAdmitted(result.data, check) };
  });

function refuse(work: () => void): void {
  try {
    work();
  } catch (error) {
    throw asTrpc(error);
  }
}

const codes: Record<number, TRPCError['code']> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

/** The same refusal on tRPC's side; what is none stays what it is and is shown as our fault. */
function asTrpc(error: unknown): TRPCError {
  if (error instanceof TRPCError) return error;
  if (error instanceof z.ZodError) return new TRPCError({ code: 'BAD_REQUEST', cause: error });
  const refusal = refusalOf(error);
  return new TRPCError({
    code: refusal ? (codes[refusal.status] ?? 'INTERNAL_SERVER_ERROR') : 'INTERNAL_SERVER_ERROR',
    cause: refusal ?? error,
  });
}

/** The refusal that an error of tRPC stands for: input that does not fit, or what a room threw. */
export function causeOf(error: TRPCError): Refusal | undefined {
  const { cause } = error;
  if (cause instanceof z.ZodError) return error.code === 'BAD_REQUEST' ? invalid(cause) : undefined;
  return refusalOf(cause);
}

const isStream = (data: unknown): data is AsyncIterable<unknown> =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data;

/** One procedure as the role matrix lists it. */
export interface ListedProcedure {
  readonly kind: string;
  readonly path: string;
  readonly role: Needed | undefined;
  /** The schemas of its input. */
  readonly inputs: readonly unknown[];
}

/** Every procedure of a router with the role it needs. */
export function listProcedures(merged: AnyTRPCRouter): ListedProcedure[] {
  const procedures: Record<string, { _def: { type: string; meta?: Partial<Meta>; inputs?: readonly unknown[] } }> =
    merged._def.procedures;
  return Object.entries(procedures).map(([path, { _def }]) => ({
    kind: _def.type,
    path,
    role: _def.meta?.role,
    inputs: _def.inputs ?? [],
  }));
}
