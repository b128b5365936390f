import * as z from 'zod';
import type { CodeScope } from './job.ts';

// What goes through the pipe between the server and a child: frames (`frames.ts`) of a small JSON head and a body of text
// that is passed through unread. A host call would be one more kind of head each way: {kind: 'call', id, op} with its JSON
// as the body, answered by {kind: 'answer', id}.

/** To the child: run this. Body: the JSON of a `GuestInput`. */
export interface RunHead {
  kind: 'run';
  nonce: string;
  source: string;
  mode: 'all' | 'each';
  timeoutMs: number;
  memoryMb: number;
  outputLimit: number;
}

/** The body of a run. */
export interface GuestInput {
  items: readonly unknown[];
  scope: CodeScope;
}

const code = z.enum([
  'code.threw',
  'code.timeout',
  'code.memory',
  'code.crashed',
  'code.syntax',
  'code.output-too-large',
  'code.bad-output',
]);
const place = z.int().min(0).optional();
const fault = z.object({ code, message: z.string().max(4_000), line: place, column: place, item: place });

/** What the guest says of its own end; `none` lists the results that were `undefined`, which JSON cannot say. */
export const verdict = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), none: z.array(z.int().min(0)) }),
  z.object({ ok: z.literal(false), fault }),
]);
/** See `verdict`. */
export type Verdict = z.infer<typeof verdict>;

const log = z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string(), at: z.number() });

/** From the child. `ready`: it has dropped its rights and holds an isolate. `done`: the end; body: the JSON of the output. */
export const childHead = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), uid: z.number(), pid: z.int().positive() }),
  z.object({ kind: z.literal('log'), nonce: z.string(), logs: z.array(log).max(1_100) }),
  z.object({ kind: z.literal('done'), nonce: z.string(), cpuMs: z.number(), verdict: z.string().max(20_000_000) }),
]);
/** See `childHead`. */
export type ChildHead = z.infer<typeof childHead>;
