import type { Caller, Needed } from './caller.ts';
import { isMember, mayAct } from './caller.ts';

/** What a refusal may carry beside its sentence. */
export interface RefusalMore {
  /** What the caller can do about it. */
  readonly mend?: string;
  readonly details?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The one error that outsiders see as it is: a status, a stable code in kebab-case, a sentence. Rooms throw it from routes and procedures;
 * every other error is a bug or a broken database and is shown as such without its words.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly more: RefusalMore;

  constructor(status: number, code: string, message: string, more: RefusalMore = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** 404, for what is not there and for what is another workspace's alike. */
export const notFound = (what: string): Refusal => new Refusal(404, 'not-found', `There is no such ${what}.`);

/** 401: nobody we know. */
export const unauthenticated = (): Refusal =>
  new Refusal(401, 'unauthenticated', 'This needs a key or a login.', {
    mend: 'Send "Authorization: Bearer <key>", or log in.',
    headers: { 'www-authenticate': 'Bearer' },
  });

/** 403: known, but the role does not reach. */
export const forbidden = (needed: Needed): Refusal =>
  new Refusal(403, 'forbidden', `This needs the role ${needed} in the workspace.`, {
    mend: 'Ask an owner of the workspace.',
  });

/** Lets through who may do what needs `needed`; throws 401 or 403 otherwise. */
export function admit(caller: Caller, needed: Needed): void {
  if (needed === 'public') return;
  if (caller.kind === 'anonymous') throw unauthenticated();
  if (!isMember(caller)) {
    throw new Refusal(403, 'no-workspace', 'You belong to no such workspace.', {
      mend: 'Ask one of its owners to invite you.',
    });
  }
  if (!mayAct(caller.role, needed)) throw forbidden(needed);
}

/**
 * Lets a stream go on for who may still read it, in the workspace that it began in: somebody who was taken out of that one is found in
 * another of theirs, if they named none.
 */
export function admitStill(now: Caller, began: { readonly workspace: string }, needed: Needed): void {
  admit(now, needed);
  if (now.workspace !== began.workspace) throw forbidden(needed);
}
