import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { currentEngine, plan as planSchema } from '../compile/plan.ts';
import { decide } from './decide.ts';
import { anyFact } from './fact.ts';
import type { Fact, StoredFact } from './fact.ts';
import { fold } from './fold.ts';
import { emptyState } from './state.ts';
import { trace } from './trace.ts';

const folder = path.join(import.meta.dirname, 'journals');
const stored = z.object({
  plan: planSchema,
  facts: z.array(z.looseObject({ seq: z.int() })),
  ended: z.unknown(),
  output: z.unknown(),
});

/** Facts that `decide` adds by itself: what the skin never makes. */
const decided = new Set<Fact['type']>(['stage.skipped', 'run.failed', 'run.finished']);

const journals = readdirSync(folder).flatMap((engine) =>
  readdirSync(path.join(folder, engine)).map((file) => {
    const { facts, ...rest } = stored.parse(JSON.parse(readFileSync(path.join(folder, engine, file), 'utf8')));
    return {
      name: `${engine}/${file}`,
      facts: facts.map((fact): StoredFact => ({ ...anyFact.parse(fact), seq: fact.seq })),
      ...rest,
    };
  }),
);

test('the present engine number has journals (scripts/keep-journals.ts makes them when it is new)', () => {
  expect(journals.filter(({ name }) => name.startsWith(`engine-${currentEngine}/`)).length).toBeGreaterThanOrEqual(4);
});

describe.each(journals)('$name, made by an earlier build', ({ plan, facts, ended, output }) => {
  test('folds to the end that it had', () => {
    const state = fold(emptyState, facts);
    expect(state.ended ?? null).toEqual(ended);
    expect(state.output ?? null).toEqual(output);
    expect(trace(plan, facts).length).toBeGreaterThan(0);
  });

  test('is decided on the same: after each fact, what was decided then is decided now', () => {
    for (const [index, fact] of facts.entries()) {
      if (!decided.has(fact.type)) continue;
      const before = fold(emptyState, facts.slice(0, index));
      expect(decide(plan, before).facts[0], `before fact ${fact.seq}`).toEqual({
        type: fact.type,
        at: fact.at,
        data: fact.data,
      });
    }
  });

  test('no step that was seen vanishes when the run is cancelled, and none is left live', () => {
    for (let cut = 1; cut < facts.length; cut++) {
      const begun = facts.slice(0, cut);
      const { at, seq } = begun.at(-1)!;
      const cancelled: StoredFact = { type: 'run.cancelled', at: at + 1, seq: seq + 1, data: { reason: 'enough' } };
      const after = trace(plan, [...begun, cancelled]);
      expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(trace(plan, begun).map(({ id }) => id)));
      expect(after.filter(({ status }) => ['running', 'waiting', 'queued'].includes(status))).toEqual([]);
    }
  });

  test('folds in pieces as it folds whole', () => {
    const whole = fold(emptyState, facts);
    for (let cut = 1; cut < facts.length; cut++)
      expect(fold(fold(emptyState, facts.slice(0, cut)), facts.slice(cut))).toEqual(whole);
  });
});
