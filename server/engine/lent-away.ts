import { powers } from '../../flow/document/powers.ts';
import type { Power } from '../../flow/document/powers.ts';
import type { Powers } from '../../nodes/kit/powers.ts';
import type { Lend, PowerRequest } from './carriage.ts';
import type { Pass } from './pass.ts';

/** A call of a power, whatever it asks and answers. */
type Verb = (...asked: readonly unknown[]) => Promise<unknown>;

/**
 * Lends powers so that a stage is away while one whose answer comes from outside is asked (E4): the one place that knows of it, for nodes and
 * powers alike. What is answered from this thread is lent as it is.
 */
export function lentAway(lend: Lend, pass: Pass): Lend {
  return (name, request) => (powers[name].isAwaited ? away(lend(name, request), pass, request) : lend(name, request));
}

/** What a body weighs as it is read: its bytes, its text, what is made of that. */
const inMemory = 3;
const bytesOf = (answer: unknown): number =>
  typeof answer === 'object' && answer !== null && 'bytes' in answer && answer.bytes instanceof Uint8Array
    ? answer.bytes.byteLength
    : 0;

function away<Name extends Power>(
  power: Powers[Name],
  pass: Pass,
  { node, signal, answered }: PowerRequest,
): Powers[Name] {
  const verbs = Object.entries(power).map(([verb, call]) => [
    verb,
    typeof call === 'function' ? (...asked: readonly unknown[]) => wait(call as Verb, asked) : call,
  ]);
  const wait = async (call: Verb, asked: readonly unknown[]) => {
    const answer = await pass.away(() => call(...asked)).finally(answered);
    pass.keeps(inMemory * bytesOf(answer));
    // A claim that was lost while it queued computes no further; what an effect came to is worth knowing all the same (E15).
    if (node.effect !== 'effect') signal.throwIfAborted();
    return answer;
  };
  return Object.fromEntries(verbs) as Powers[Name];
}
