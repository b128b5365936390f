import type * as z from 'zod';
import type { refusal } from '../../flow/contract/refusal.ts';

/** A refusal of the server, or that it did not answer at all (status 0). `message` and `mend` are for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly mend: string | undefined;
  readonly details: unknown;

  constructor(status: number, { code, message, mend, details }: z.output<typeof refusal>) {
    super(message);
    this.status = status;
    this.code = code;
    this.mend = mend;
    this.details = details;
  }
}

/** The server cannot be reached: nothing was refused, and trying again may help. */
export const away = () =>
  new ApiError(0, { code: 'away', message: 'The server is not answering.', mend: 'Check that Heddle is running.' });
