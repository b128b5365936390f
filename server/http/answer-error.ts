import * as z from 'zod';
import { Fault } from '../../flow/facts/faults.ts';
import { errorCode } from '../error-code.ts';
import { databaseTrouble } from './database-trouble.ts';
import { misfitWords } from '../../flow/document/misfit-words.ts';
import { Refusal } from './refusal.ts';

/** An error as the contract shows it. */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly mend?: string;
    readonly details?: unknown;
  };
}

/** What is sent for an error, and whether it is a bug of ours that has to be logged whole. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
  readonly isOurs: boolean;
}

/**
 * What outsiders see of an error: a `Refusal` as it is, what the web server itself refuses by its status, a database that is away or too slow as 503; all
 * else as our fault under `number`, without a word of the error (no stack, no SQL).
 */
export function answerError(error: unknown, number: string): ErrorAnswer {
  const known = refusalOf(error);
  if (known) {
    const { mend, details, headers = {} } = known.more;
    const said = { code: known.code, message: known.message, ...(mend ? { mend } : {}) };
    return {
      status: known.status,
      body: { error: details === undefined ? said : { ...said, details } },
      headers,
      isOurs: false,
    };
  }
  return {
    status: 500,
    body: {
      error: {
        code: 'our-fault',
        message: `Something went wrong in Heddle. Reference: (${number}).`,
        mend: 'Try again; if it stays, look for this number in the log.',
        details: { number },
      },
    },
    headers: {},
    isOurs: true,
  };
}

/** The error as a refusal, when it is one or means one. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof z.ZodError) return invalid(error);
  if (error instanceof Fault) return ofValues(error);
  const trouble = databaseTrouble(error);
  if (trouble === 'away') {
    return new Refusal(503, 'database-away', 'The database does not answer at the moment.', {
      mend: 'Try again in some seconds.',
      headers: { 'retry-after': '5' },
    });
  }
  if (trouble === 'slow') {
    return new Refusal(503, 'database-away', 'The database did not get to this in time.', {
      mend: 'Try again in some seconds; if it stays, ask for less at once.',
      headers: { 'retry-after': '5' },
    });
  }
  if (trouble === 'full') {
    return new Refusal(507, 'storage-full', 'There is no room left to store anything.', {
      mend: 'Free space on the disk of the database.',
      headers: { 'retry-after': '60' },
    });
  }
  return ofFramework(error);
}

/** What the store of large values says; where it is and what ails it is for the log, not for outsiders. */
function ofValues({ code }: Fault): Refusal | undefined {
  if (code === 'store.away')
    return new Refusal(503, 'values-away', 'The store of large values does not answer at the moment.', {
      mend: 'Try again in some seconds.',
      headers: { 'retry-after': '5' },
    });
  if (code === 'value.missing' || code === 'value.damaged')
    return new Refusal(410, 'value-gone', 'A large value of this run is lost.', {
      mend: 'Have the operator bring it back from a backup of the store, or start the run again.',
    });
  return undefined;
}

/** 400 with every field that does not fit, the first one in the sentence; never the value. */
export function invalid(error: z.ZodError, within?: string): Refusal {
  const details = error.issues.slice(0, 50).map((issue) => ({ at: issue.path.join('.'), message: misfitWords(issue) }));
  const first = details[0];
  const place = [within, first?.at].filter(Boolean).join('.');
  return new Refusal(400, 'invalid', `${place ? `${place}: ` : ''}${first?.message ?? 'This does not fit.'}`, {
    details,
  });
}

const framework: Record<string, [status: number, code: string, message: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'too-large', 'The body is larger than is accepted here.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'content-type', 'This content type is not accepted here.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'content-length', 'The body is not as long as its Content-Length says.'],
  FST_ERR_BAD_URL: [400, 'bad-url', 'The address cannot be read.'],
  FST_ERR_ASYNC_CONSTRAINT: [400, 'bad-url', 'The address cannot be read.'],
};

/** What Fastify refuses before a route runs; its own sentences are not ours to promise. */
function ofFramework(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return undefined;
  const code = errorCode(error);
  const known = framework[code];
  if (known) return new Refusal(...known);
  if (error.statusCode < 400 || error.statusCode >= 500 || !code.startsWith('FST_')) return undefined;
  return new Refusal(400, 'refused', 'The request cannot be taken as it is.');
}
