import type { Plan } from '../../../flow/compile/plan.ts';
import type { StoredFact } from '../../../flow/facts/fact.ts';
import { fold } from '../../../flow/facts/fold.ts';
import { emptyState, instanceKey, numbered } from '../../../flow/facts/state.ts';
import type { Append, AppendResult } from '../../journal/flusher.ts';
import type { Claim, Ledger } from '../../journal/ledger.ts';
import { NoSuchRun } from '../../journal/refused.ts';

interface Row extends Claim {
  readonly state: 'ready' | 'leased' | 'waiting';
  readonly owner: string;
  readonly until: number;
}

/** The journal of several processes in memory, by the rules of the real one, with a clock that a test moves: for simulated stalls. */
export class MemoryJournal {
  now = 0;
  readonly leaseMs: number;
  readonly rows = new Map<string, Row>();
  readonly facts = new Map<string, StoredFact[]>();
  /** Claims that a process gave up because nobody in it carried them out. */
  readonly givenUp: Omit<Claim, 'seq'>[] = [];
  private readonly plans = new Map<string, { workspace: string; plan: Plan }>();

  constructor(leaseMs: number) {
    this.leaseMs = leaseMs;
  }

  /** The journal as one process sees it: every question and every answer passes `wire`, which a test may hold up. */
  ledgerOf(boot: string, wire: () => Promise<void>): Ledger {
    const asked = async <Answer>(answer: () => Answer): Promise<Answer> => {
      await wire();
      const given = answer();
      await wire();
      return given;
    };
    return {
      append: (append) => asked(() => this.append(boot, append)),
      read: (run) => asked(() => this.read(run)),
      saveSnapshot: async () => {},
      readFacts: (run, after = 0) => asked(() => (this.facts.get(run) ?? []).filter(({ seq }) => seq > after)),
      hasMore: (run, seq) => asked(() => (this.facts.get(run) ?? []).length > seq),
      claim: ({ run, stage, path }) => asked(() => this.claim(boot, `${run}/${instanceKey(stage, path)}`)),
      renew: () => asked(() => this.renew(boot)),
      handBack: async () => {},
      expire: (claims) =>
        asked(() => {
          this.givenUp.push(...claims);
          for (const [name, row] of this.rows)
            if (claims.some((claim) => sameClaim(claim, row))) this.rows.set(name, { ...row, until: this.now - 1 });
        }),
      giveBack: (claim) =>
        asked(() => {
          for (const [name, row] of this.rows)
            if (sameClaim(claim, row) && row.owner === boot)
              this.rows.set(name, { ...row, state: 'ready', epoch: row.epoch + 1 });
        }),
      findReady: (workspace, limit) =>
        asked(() =>
          [...this.rows.values()]
            .filter(({ state, run }) => state === 'ready' && this.plans.get(run)?.workspace === workspace)
            .slice(0, limit),
        ),
      postpone: async () => {},
      findExpired: () =>
        asked(() => [...this.rows.values()].filter(({ state, until }) => state === 'leased' && until < this.now)),
      findOverdue: async () => [],
      weighEnds: async () => new Map(),
      readOutputs: async () => new Map(),
      findUndelivered: async () => [],
      cancelMany: async () => [],
      mayHaveChildren: async () => true,
    };
  }

  /** As if retention had taken every run away. */
  forget(): void {
    this.facts.clear();
    this.plans.clear();
    this.rows.clear();
  }

  private read(run: string) {
    const kept = this.plans.get(run);
    if (!kept) throw new NoSuchRun(run);
    return { ...kept, bytes: 0, state: fold(emptyState, this.facts.get(run) ?? []) };
  }

  private claim(boot: string, name: string) {
    const row = this.rows.get(name);
    if (row?.state !== 'ready') return undefined;
    const epoch = row.epoch + 1;
    this.rows.set(name, { ...row, state: 'leased', epoch, owner: boot, until: this.now + this.leaseMs });
    return { epoch, seq: this.facts.get(row.run)?.length ?? 0 };
  }

  private renew(boot: string) {
    const own = [...this.rows].filter(([, { state, owner }]) => state === 'leased' && owner === boot);
    for (const [name, row] of own) this.rows.set(name, { ...row, until: this.now + this.leaseMs });
    return own.map(([, row]) => row);
  }

  private append(boot: string, append: Append): AppendResult {
    const { run, workspace, expect, facts, fence = [], stages, start } = append;
    const known = this.facts.get(run);
    if (start && known) return { ok: false, why: 'seq', run };
    if (!start && !known) return { ok: false, why: 'gone' };
    if ((known?.length ?? 0) !== expect) return { ok: false, why: 'seq' };
    const holds = fence.every(({ stage, path, epoch, expired }) => {
      const row = this.rows.get(`${run}/${instanceKey(stage, path)}`);
      if (row?.state !== 'leased' || row.epoch !== epoch) return false;
      return expired ? row.until < this.now : row.owner === boot;
    });
    if (!holds) return { ok: false, why: 'fenced' };
    if (start) this.plans.set(run, { workspace, plan: start.plan.plan });
    // What is stored is JSON: nothing else may survive.
    const stored = JSON.parse(JSON.stringify(facts)) as typeof facts;
    this.facts.set(run, [...(known ?? []), ...numbered(expect, stored)]);
    for (const change of stages) this.put(boot, append, change);
    return { ok: true, seq: expect + facts.length };
  }

  private put(boot: string, { run, fence = [] }: Append, change: Append['stages'][number]): void {
    const { stage, path, to } = change;
    const name = `${run}/${instanceKey(stage, path)}`;
    const row = this.rows.get(name);
    if (to === 'gone') return void this.rows.delete(name);
    const isOurs = fence.some((one) => one.stage === stage && one.path === path);
    if (row?.state === 'leased' && row.owner !== boot && !isOurs) return;
    const epoch = row ? row.epoch + 1 : (change.epoch ?? 0);
    const until = this.now + this.leaseMs;
    this.rows.set(name, { run, stage, path, state: to, epoch, seq: 0, owner: to === 'leased' ? boot : '', until });
  }
}

const sameClaim = (a: Omit<Claim, 'seq'>, b: Omit<Claim, 'seq'>) =>
  a.run === b.run && a.stage === b.stage && a.path === b.path && a.epoch === b.epoch;
