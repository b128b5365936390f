import { canonical } from '../../flow/document/canonical.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import { sha256Hex } from '../../flow/document/hashing.ts';

/** The hash of a definition that its source may change: of its card and of the text that carries it out. */
export const contentOf = ({ content: _own, ...card }: NodeCard, code: string): string =>
  sha256Hex(canonical({ card, code }));
