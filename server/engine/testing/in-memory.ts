import { noAddress } from '../answer-rules.ts';
import { compile } from '../../../flow/compile/compile.ts';
import type { Plan, PlanNode } from '../../../flow/compile/plan.ts';
import type { Catalogue } from '../../../flow/document/card.ts';
import type { Workflow } from '../../../flow/document/workflow.ts';
import { decide } from '../../../flow/facts/decide.ts';
import type { LiveStage } from '../../../flow/facts/decide.ts';
import type { PortOutput, Fact, StoredFact } from '../../../flow/facts/fact.ts';
import { fold } from '../../../flow/facts/fold.ts';
import { emptyState, numbered } from '../../../flow/facts/state.ts';
import type { RunState } from '../../../flow/facts/state.ts';
import { cardOf } from '../../../nodes/kit/card.ts';
import type { AnyNode } from '../../../nodes/kit/define-node.ts';
import type { HttpReply, HttpRequest, Powers } from '../../../nodes/kit/powers.ts';
import { prepare } from '../../../nodes/kit/perform.ts';
import type { Prepared } from '../../../nodes/kit/perform.ts';
import { carryOut } from '../carry-out.ts';
import type { Carriage, Lend, PowerRequest } from '../carriage.ts';

/** A far side that counts what reached it, by idempotency key and by url. */
export interface FarSide {
  readonly sent: HttpRequest[];
  /** Throws or answers; 200 with an empty object when left out. */
  answer: (request: HttpRequest, count: number) => HttpReply | Promise<HttpReply>;
}

export const httpReply = (status = 200, body: unknown = {}): HttpReply => {
  const text = JSON.stringify(body);
  return {
    status,
    headers: {},
    url: '',
    bytes: new TextEncoder().encode(text),
    text: async () => text,
    looseText: async () => text,
    opening: async () => text,
    isText: () => true,
  };
};

export const farSide = (answer: FarSide['answer'] = () => httpReply()): FarSide => ({ sent: [], answer });

/** What is cut off: the process dies when this many facts have been appended. */
export class Cut extends Error {}

export interface PlayOptions {
  readonly nodes: readonly AnyNode[];
  readonly far?: FarSide;
  readonly input?: readonly unknown[];
  readonly start?: string;
  /** How it was started; a test unless said. */
  readonly mode?: 'live' | 'manual' | 'test';
  /** What started it; by hand when nothing else is said. */
  readonly trigger?: string;
  readonly pins?: Record<string, Record<string, unknown[]>>;
  /** Answers to what needs a person, asked when nothing else can move. */
  readonly answer?: (state: RunState, plan: Plan) => Fact[];
  /** A type that was there when the document was compiled and is not in this build. */
  readonly lacks?: string;
  /** Told when a stage lets others have their turn. */
  readonly pause?: () => void | Promise<void>;
  /** Carries out what is too long for here. */
  readonly compute?: Carriage['compute'];
  /** Works out params that are too long for here. */
  readonly params?: Carriage['params'];
  /** Asked straight before the first byte of anything; throws when the claim may be another's. */
  readonly lastLook?: () => void;
  /** Lends the powers that are not played here; without it there are log, http and random. */
  readonly lend?: Lend;
}

/** A run in memory: the engine's own pure functions and stage runner over a list of facts, no database. */
export class InMemoryRun {
  readonly plan: Plan;
  readonly facts: StoredFact[] = [];
  state: RunState = emptyState;
  now = 1_000_000;
  /** Facts after which the process dies; appending more throws `Cut`. */
  diesAfter = Number.POSITIVE_INFINITY;
  readonly options: PlayOptions;
  private readonly definitions: ReadonlyMap<string, AnyNode>;

  constructor(document: Workflow, options: PlayOptions) {
    this.options = options;
    this.definitions = new Map(options.nodes.map((node) => [node.type, node]));
    const catalogue: Catalogue = (type) => {
      const definition = this.definitions.get(type);
      return definition && cardOf(definition);
    };
    const compiled = compile(document, catalogue);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
    this.plan = compiled.plan;
  }

  begin(): void {
    const input: PortOutput = { items: [...(this.options.input ?? [{ n: 1 }])] };
    this.append([
      {
        type: 'run.started',
        at: this.now,
        data: {
          workflow: { id: 'workflow_test', name: 'Test', version: 1 },
          plan: this.plan.fingerprint,
          engine: 1,
          start: this.options.start ?? this.plan.starts[0] ?? '',
          input,
          lane: 'interactive',
          trigger: { kind: this.options.trigger ?? 'manual' },
          mode: this.options.mode ?? 'test',
          root: 'run_root',
          seed: 'seed',
          ...(this.options.pins ? { pins: this.options.pins } : {}),
        },
      },
    ]);
  }

  /** Starts from facts that were journalled, as a process does that takes over. */
  resume(facts: readonly StoredFact[]): void {
    this.facts.push(...facts);
    this.state = fold(emptyState, facts);
    this.now = Math.max(...facts.map((fact) => fact.at)) + 1;
    this.settle();
  }

  append(events: readonly Fact[]): void {
    for (const event of events) {
      if (this.facts.length >= this.diesAfter) throw new Cut('the process died');
      // What is stored is JSON: nothing else may survive a restart.
      const [stored] = numbered(this.state.seq, [JSON.parse(JSON.stringify(event)) as Fact]);
      this.facts.push(stored!);
      this.state = fold(this.state, [stored!]);
    }
  }

  private settle(): void {
    for (
      let decision = decide(this.plan, this.state);
      decision.facts.length > 0;
      decision = decide(this.plan, this.state)
    )
      this.append(decision.facts);
  }

  /** Carries on until the run is over, or waits for what nobody here can give. */
  async play(): Promise<this> {
    if (this.facts.length === 0) this.begin();
    for (let rounds = 0; rounds < 5_000; rounds++) {
      this.settle();
      const { live, status } = decide(this.plan, this.state);
      if (status === 'finished' || status === 'failed' || status === 'cancelled') return this;
      const ready = live.find((one) => one.next === 'now' || (typeof one.next === 'number' && one.next <= this.now));
      if (ready) {
        await this.carry(ready);
        continue;
      }
      const due = live.map((one) => one.next).filter((next) => typeof next === 'number');
      if (due.length > 0) {
        this.now = Math.min(...due);
        continue;
      }
      const answers = this.options.answer?.(this.state, this.plan) ?? [];
      if (answers.length === 0) return this;
      this.append(answers);
    }
    throw new Error('the run does not end');
  }

  private async carry(live: LiveStage): Promise<void> {
    if (this.state.failing)
      return this.append([{ type: 'stage.stopped', at: this.now, data: { stage: live.stage, path: live.path } }]);
    const instance = this.state.instances.get(`${live.stage}@${live.path}`);
    const due = [...(instance?.calls ?? [])].filter(
      ([, call]) =>
        call.state === 'suspended' &&
        call.waiting &&
        'due' in call.waiting &&
        (call.waiting.due ?? Infinity) <= this.now,
    );
    if (due.length > 0 && instance)
      return this.append(
        due.map(([call]) => ({
          type: 'timer.due',
          at: this.now,
          data: { stage: live.stage, path: live.path, node: instance.node ?? '', call },
        })),
      );
    const facts = await carryOut(
      {
        run: 'run_test',
        plan: this.plan,
        stage: this.plan.stages.find((stage) => stage.id === live.stage)!,
        path: live.path,
        state: () => this.state,
        append: async (events) => this.append(events),
        whenPrepared: () => undefined,
        prepared: (node) => this.prepared(node),
        lend: this.lend,
        answers: noAddress,
        linkOf: (node, path) => ({ url: `http://resume/${node}${path}`, hash: `${node}${path}` }),
        leave: async () => {},
        signal: new AbortController().signal,
        lastLook: () => this.options.lastLook?.(),
        whenHeld: () => undefined,
        clock: () => this.now,
        pause: async () => this.options.pause?.(),
        compute: this.options.compute,
        params: this.options.params,
        sideBySide: async (all) => void (await Promise.all(all.map((one) => one()))),
      },
      async () => [],
    );
    this.append(facts);
  }

  protected prepared(node: PlanNode): Prepared | undefined {
    const definition = this.options.lacks === node.type ? undefined : this.definitions.get(node.type);
    return definition && prepare(definition, node.params, this.plan.engine);
  }

  private readonly lend: Lend = ((name: string, request: PowerRequest) => {
    const far = this.options.far;
    const powers: Partial<Powers> = {
      log: {
        debug: (text, data) => request.log('debug', text, data),
        info: (text, data) => request.log('info', text, data),
        warn: (text, data) => request.log('warn', text, data),
        error: (text, data) => request.log('error', text, data),
      },
      http: {
        send: async (asked) => {
          request.lastLook();
          far?.sent.push(asked);
          return far ? far.answer(asked, far.sent.length) : httpReply();
        },
      },
      random: { next: () => 0.5 },
    };
    return powers[name as keyof Powers] ?? this.options.lend?.(name as keyof Powers, request);
  }) as Lend;
}

/** Plays a drawn workflow to its end. */
export const play = (document: Workflow, options: PlayOptions): Promise<InMemoryRun> =>
  new InMemoryRun(document, options).play();
