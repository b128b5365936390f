import { randomBytes } from 'node:crypto';

/** A number under which an unexpected error stands in the log and in the answer, short enough to be read out. */
export const faultNumber = (): string => `fault_${randomBytes(5).toString('hex')}`;
