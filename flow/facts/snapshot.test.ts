import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { anyFact } from './fact.ts';
import type { StoredFact } from './fact.ts';
import { packState, unpackState } from './snapshot.ts';
import { fold, foldInto } from './fold.ts';
import { emptyState } from './state.ts';

test.each(['effects-in-a-loop', 'calls-and-errors', 'branches-and-joins', 'waits-in-doubt'])(
  '%s: a snapshot at any fact and the facts after it fold as from zero',
  (name) => {
    const { facts } = JSON.parse(
      readFileSync(path.join(import.meta.dirname, `journals/engine-1/${name}.json`), 'utf8'),
    ) as { facts: { seq: number }[] };
    const stored = facts.map((fact): StoredFact => ({ ...anyFact.parse(fact), seq: fact.seq }));
    const whole = fold(emptyState, stored);
    for (let cut = 1; cut <= stored.length; cut++) {
      const state = fold(emptyState, stored.slice(0, cut));
      const packed = packState(state);
      const text = JSON.stringify(packed);
      // What is written later is what was packed.
      foldInto(state, stored.slice(cut));
      expect(JSON.stringify(packed)).toBe(text);
      const kept = unpackState(JSON.parse(text));
      expect(fold(kept, stored.slice(cut))).toEqual(whole);
    }
  },
);
