import type { FaultRecord } from '../../flow/facts/fact.ts';
import { isObject } from '../../flow/document/json.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';

/** Where a fault happened: the node's key and, in `each`, the item's index. */
export interface FaultPlace {
  readonly node: string;
  readonly item?: number | undefined;
}

/** So many characters of a message are kept: it stands in the row of its run, and lists of runs read it. */
const mostMessage = 8_000;
/** What a fault carries beside it, in bytes of JSON; what is larger is left out. */
const mostDetails = 65_536;

const short = (text: string): string => (text.length > mostMessage ? `${text.slice(0, mostMessage)}…` : text);

/**
 * The record of anything thrown. What carries a code of its own (Fault, and the faults of powers) is shown as it is; anything
 * else is a bug of ours or of the node: `node.failed`, with the inner text only in `details`.
 */
export function faultRecordOf(error: unknown, place: FaultPlace): FaultRecord {
  const where = { node: place.node, ...(place.item === undefined ? {} : { item: place.item }) };
  if (!isNamed(error))
    return { code: 'node.failed', message: 'The node failed unexpectedly.', details: inner(error), ...where };
  return {
    code: error.code,
    message: short(error.message),
    ...(typeof error.mend === 'string' ? { mend: short(error.mend) } : {}),
    ...(error.done === 'no' || error.done === 'yes' || error.done === 'unknown' ? { done: error.done } : {}),
    ...(error.details === undefined || isLong(error.details) ? {} : { details: error.details }),
    ...where,
  };
}

const isLong = (details: unknown): boolean => jsonWeight(details, mostDetails) > mostDetails;

type Named = Error & { code: string; mend?: unknown; done?: unknown; details?: unknown };

// Node's own errors have codes too (ENOENT); only those that say what mends them, or are named faults, are for people.
const isNamed = (error: unknown): error is Named =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  (error.name.endsWith('Fault') || 'mend' in error);

function inner(error: unknown): unknown {
  if (error instanceof Error) return { name: short(error.name), message: short(error.message) };
  return isObject(error) ? {} : { message: short(String(error)) };
}

/** What performing a node throws when a failure stops it: the record for the run, and the error itself as `cause`. */
export class Failed extends Error {
  readonly record: FaultRecord;
  /** How long the far side asked to wait before another try, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(error: unknown, place: FaultPlace) {
    const record = faultRecordOf(error, place);
    super(record.message, { cause: error });
    this.name = 'Failed';
    this.record = record;
    const after = error instanceof Error && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
    this.retryAfterMs = typeof after === 'number' ? after : undefined;
  }
}
