import { errorCode } from '../error-code.ts';

/** Errors of the network and of postgres.js when there is no connection, or none any more. */
const connection = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * Whether the database is away rather than the statement wrong: no connection (class 08), out of room or connections (53), stopping or
 * cancelled (57), disk trouble (58), or a replica that takes no writes (25006).
 */
export function isUnavailable(error: unknown): boolean {
  const code = errorCode(error);
  return connection.has(code) || /^(08|53|57|58)...$/.test(code) || code === '25006';
}

/** Whether the same statement may well go through when tried again: serialization failure, deadlock. */
export function mayGoAgain(error: unknown): boolean {
  const code = errorCode(error);
  return code === '40001' || code === '40P01';
}
