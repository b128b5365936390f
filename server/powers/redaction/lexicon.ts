import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { inTurns } from '../../text/turns.ts';
import type { Turns, Work } from '../../text/turns.ts';
import { Automaton } from './automaton.ts';
import { spellingsOf } from './spellings.ts';

/** What some secrets are found by, ready to be looked for. */
export interface Lexicon {
  readonly plain: Automaton;
  readonly base64: Automaton;
  readonly hex: Automaton;
  readonly hasEscapes: boolean;
  readonly hasQuotes: boolean;
  /** Whether they are of ASCII alone. */
  readonly isAscii: boolean;
}

/** The lexicons of some secrets: for what comes, and for words that we say of an address. Most are one and the same. */
export interface Lexicons {
  readonly exact: Lexicon;
  readonly named: Lexicon;
}

/** Makes them, in turns: of 128,000 characters in a quarter of a second. */
export function* lexiconsOf(secrets: readonly string[]): Work<Lexicons> {
  const { plain, named, hasEscapes, hasQuotes, ...encoded } = yield* spellingsOf(secrets);
  const exact: Lexicon = {
    plain: yield* Automaton.of(plain),
    base64: yield* Automaton.of(encoded.base64),
    hex: yield* Automaton.of(encoded.hex),
    hasEscapes,
    hasQuotes,
    isAscii: secrets.every((secret) => Buffer.byteLength(secret) === secret.length),
  };
  return { exact, named: named === plain ? exact : { ...exact, plain: yield* Automaton.of(named) } };
}

const mostKept = 200;
/** Characters of all secrets of those that are kept: each takes some 300 bytes. */
const kept = new LRUCache<string, Promise<Lexicons>>({ max: mostKept, maxSize: 256 * 1024 });

/** The same, made once for all who ask for it; the latest are kept. */
export function keptLexicons(secrets: readonly string[], turns: Turns): Promise<Lexicons> {
  const name = createHash('sha256').update(JSON.stringify(secrets.toSorted())).digest('base64');
  const known = kept.get(name) ?? inTurns(lexiconsOf(secrets), turns);
  kept.set(name, known, { size: secrets.reduce((sum, { length }) => sum + length, 1) });
  return known;
}
