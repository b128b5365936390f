import type { EffectClass } from '../../flow/document/card.ts';
import { longestDuration } from '../../flow/document/duration.ts';
import { powers } from '../../flow/document/powers.ts';
import type { PowerWith } from '../../flow/document/powers.ts';
import type { Fact, Waiting } from '../../flow/facts/fact.ts';
import { waiting as waitingSchema } from '../../flow/facts/fact.ts';
import { Fault } from '../../flow/facts/faults.ts';
import { instanceKey } from '../../flow/facts/state.ts';
import type { CallState } from '../../flow/facts/state.ts';
import type { PowerSource } from '../../nodes/kit/call.ts';
import { faultRecordOf } from '../../nodes/kit/fault-record.ts';
import type { HttpPower, HttpReply, HttpRequest, LinkCall, Powers, StoredBytes } from '../../nodes/kit/powers.ts';
import { Suspended } from '../../nodes/kit/suspended.ts';
import { readingOf } from '../text/reading.ts';
import type { CleanText } from '../text/reading.ts';
import type { Call } from './carry-node.ts';
import { wasFenced } from './holding.ts';
import { requestHash } from './request-hash.ts';
import type { ChildEnd } from '../journal/ledger.ts';

/** What a call asks: its operation, its request (for the hash) and what it does to the world. */
interface Asked {
  readonly op: string;
  readonly request: unknown;
  readonly effect: EffectClass;
}

/**
 * The call journal of one node (E12). Every host call that is not pure has an ordinal; its answer is a fact of the step.
 * When the node runs again after a crash or a wait, answered calls are served from the journal if they ask the same; if
 * they do not and an effect was sent, the step is in doubt; else it starts afresh. A call that must wait ends the attempt.
 */
export class CallJournal {
  private readonly call: Call;
  private ordinal = 0;
  private isAfresh = false;
  /** The fact of the call that must wait, when this attempt met one. */
  suspension: Fact | undefined;

  constructor(call: Call) {
    this.call = call;
  }

  private known(call: string): CallState | undefined {
    return this.calls()?.get(call);
  }

  private calls(): ReadonlyMap<string, CallState> | undefined {
    return this.call.carriage.state().instances.get(instanceKey(this.call.carriage.stage.id, this.call.path))?.calls;
  }

  private place() {
    return { stage: this.call.carriage.stage.id, path: this.call.path, node: this.call.node.key };
  }

  private async append(event: Fact): Promise<void> {
    await this.call.carriage.append([event]);
  }

  /** What the journal says of the next call; undefined when it is to be made. */
  private async recall(call: string, asked: Asked, hash: string): Promise<{ value: unknown } | undefined> {
    const known = this.isAfresh ? undefined : this.known(call);
    if (!known) return undefined;
    if (known.hash !== hash && known.hash !== '') {
      await this.differs(call, asked);
      return undefined;
    }
    if (known.state === 'answered') {
      if (known.fault)
        throw new Fault(known.fault.code, known.fault.message, {
          ...(known.fault.mend ? { mend: known.fault.mend } : {}),
          done: known.fault.done,
        });
      return { value: known.value };
    }
    if (known.state === 'suspended' || known.state === 'in-doubt') throw new Suspended(known.waiting);
    return undefined;
  }

  private async differs(call: string, asked: Asked): Promise<void> {
    const hadEffect = [...(this.calls()?.values() ?? [])].some((known) => known.effect === 'effect');
    if (!hadEffect) {
      this.isAfresh = true;
      return;
    }
    const why = `On this attempt call ${call} asked something else (${asked.op}) than before, and an effect had been sent.`;
    this.suspension = {
      type: 'step.in-doubt',
      at: this.call.carriage.clock(),
      data: { ...this.place(), items: [], call, why },
    };
    throw new Suspended(undefined);
  }

  /** Makes a call, or serves its journalled answer. `value` must be JSON. */
  async make(asked: Asked, perform: (lastLook: () => void, call: string) => Promise<unknown>): Promise<unknown> {
    const { carriage } = this.call;
    const call = String(this.ordinal++);
    const hash = await requestHash(asked.op, asked.request);
    const recalled = await this.recall(call, asked, hash);
    if (recalled) return recalled.value;
    await carriage.whenHeld();
    if (asked.effect === 'effect')
      await this.append({
        type: 'call.intended',
        at: carriage.clock(),
        data: { ...this.place(), call, op: asked.op, hash, effect: asked.effect },
      });
    const made = await this.sent(call, perform);
    const answered = { ...this.place(), call, op: asked.op, hash };
    if (!('error' in made)) {
      await this.append({ type: 'call.answered', at: carriage.clock(), data: { ...answered, value: made.value } });
      return made.value;
    }
    if (asked.effect !== 'effect' || carriage.signal.aborted) throw made.error;
    const fault = faultRecordOf(made.error, { node: this.call.node.key });
    // Whatever does not say that it was not done may have been, once the first byte was on its way.
    if ((fault.done ?? (made.wasSent ? 'unknown' : 'no')) === 'unknown') {
      this.suspension = {
        type: 'step.in-doubt',
        at: carriage.clock(),
        data: { ...this.place(), items: [], call, why: fault.message },
      };
      throw new Suspended(undefined);
    }
    await this.append({ type: 'call.answered', at: carriage.clock(), data: { ...answered, fault } });
    throw made.error;
  }

  /**
   * Makes a call and says whether its first byte was on its way. The fence is no failure of the call: one that fell before the last look is made
   * again once the claim is renewed, and its intent stands.
   */
  private async sent(
    call: string,
    perform: (lastLook: () => void, call: string) => Promise<unknown>,
  ): Promise<{ value: unknown } | { error: unknown; wasSent: boolean }> {
    const { carriage } = this.call;
    for (;;) {
      await carriage.whenHeld();
      let wasSent = false;
      const lastLook = () => {
        carriage.lastLook();
        wasSent = true;
      };
      try {
        return { value: await perform(lastLook, call) };
      } catch (error) {
        if (wasSent || !wasFenced(error) || carriage.signal.aborted) return { error, wasSent };
        await carriage.pause();
      }
    }
  }

  /** Makes a call whose answer comes from elsewhere: a clock, a person, another run. What is begun may be answered at once. */
  async wait(asked: Asked, begin: (call: string) => Promise<Waiting | Answered>): Promise<unknown> {
    const call = String(this.ordinal++);
    const hash = await requestHash(asked.op, asked.request);
    const recalled = await this.recall(call, asked, hash);
    if (recalled) return recalled.value;
    const begun = await begin(call);
    if ('answer' in begun) {
      const data = { ...this.place(), call, op: asked.op, hash, value: begun.answer };
      await this.append({ type: 'call.answered', at: this.call.carriage.clock(), data });
      return begun.answer;
    }
    const waiting = waitingSchema.parse(begun);
    this.suspension = {
      type: 'call.suspended',
      at: this.call.carriage.clock(),
      data: { ...this.place(), call, op: asked.op, hash, waiting },
    };
    throw new Suspended(waiting);
  }
}

/** The answer of a call that need not wait after all. */
interface Answered {
  readonly answer: unknown;
}

type Job = Parameters<Powers['workflow']['call']>[0];

/** A child that was started; with its end when it is over already. */
export interface Child {
  readonly run: string;
  readonly item: number;
  readonly end?: ChildEnd;
}

/** Starts children of a run and says which they are: done by the engine, in one flush (E14). */
export type StartChildren = (job: Job, parent: CallPlace) => Promise<readonly Child[]>;

/** The call that children belong to; their items count on from `from`. */
interface CallPlace {
  readonly path: string;
  readonly node: string;
  readonly call: string;
  readonly from: number;
  readonly signal: AbortSignal;
}

/** The powers of a node whose calls are journalled: the same as lent, each behind the journal. */
export function journalled(
  journal: CallJournal,
  lent: (lastLook?: () => void) => PowerSource,
  call: Call,
  startChildren: StartChildren,
): PowerSource {
  const own: { readonly [Name in PowerWith<'engine' | 'answers'>]: (item: number | undefined) => Powers[Name] } = {
    timer: () => timerPower(journal, call),
    review: () => reviewPower(journal, call),
    workflow: () => workflowPower(journal, call, startChildren),
    http: (item) => overHttp(journal, lent, { item, clean: (text, encoding) => cleaned(call, text, encoding) }),
  };
  return (name, item) =>
    (powers[name].journal === 'none'
      ? lent()(name, item)
      : restedAfter(own[name as keyof typeof own](item), call.budget)) as Powers[typeof name];
}

/** Others had their turn while a call was answered and put on record; children that it began were starts of their own. None of it is the stage's time. */
const restedAfter = (power: object, budget: Call['budget']): object =>
  Object.fromEntries(
    Object.entries(power).map(([verb, ask]: [string, (...asked: unknown[]) => Promise<unknown>]) => [
      verb,
      (...asked: unknown[]) => ask(...asked).finally(() => budget.rested()),
    ]),
  );

/** A moment that was worked out and that nobody can mean: what waits for it would never go on. */
function refuseEndless(due: number, now: number): void {
  if (due <= now + longestDuration) return;
  throw new Fault('params.invalid', 'This would wait for more than 100 years.', {
    mend: 'Look at what the time is worked out from: a date in seconds, say, or a number with too many digits.',
    done: 'no',
  });
}

const timerPower = (journal: CallJournal, call: Call): Powers['timer'] => ({
  until: async (instant) => {
    // Already past at the stage's own clock: nothing to wait for, and nothing to journal.
    if (instant <= call.now) return;
    refuseEndless(instant, call.now);
    await call.carriage.leave('timer', call.node.key);
    const asked = { op: 'timer.until', request: instant, effect: 'idempotent' } as const;
    await journal.wait(asked, async () => ({ kind: 'timer', due: instant }));
  },
  call: async (due) => {
    const { carriage, node, path } = call;
    // Called before it came to waiting: whoever got the link was quick.
    const called = carriage.state().instances.get(instanceKey(carriage.stage.id, path))?.called;
    if (called) return called.value as LinkCall;
    if (due !== undefined) refuseEndless(due, call.now);
    await carriage.leave('timer', node.key);
    const asked = { op: 'timer.call', request: due ?? null, effect: 'idempotent' } as const;
    const answer = await journal.wait(asked, async () => ({
      kind: 'token',
      hash: carriage.linkOf(node.key, path).hash,
      ...(due === undefined ? {} : { due }),
    }));
    return (answer ?? undefined) as LinkCall | undefined;
  },
});

/** What a person is asked stands in the row of the run, and lists of runs read it: so many characters of it are kept. */
const mostTitle = 500;
const mostText = 20_000;

const reviewPower = (journal: CallJournal, call: Call): Powers['review'] => ({
  ask: async (question) => {
    if (question.due !== undefined) refuseEndless(question.due, call.now);
    await call.carriage.leave('review', call.node.key);
    const asked = { op: 'review.ask', request: question, effect: 'idempotent' } as const;
    const { form, choices, title, text, ...rest } = question;
    const answer = await journal.wait(asked, async () => ({
      kind: 'review',
      title: title.slice(0, mostTitle),
      ...(text === undefined ? {} : { text: text.slice(0, mostText) }),
      ...rest,
      ...(form ? { form: [...form] } : {}),
      ...(choices ? { choices: [...choices] } : {}),
    }));
    return (answer ?? undefined) as Awaited<ReturnType<Powers['review']['ask']>>;
  },
});

type Ends = Awaited<ReturnType<Powers['workflow']['call']>>;

const workflowPower = (journal: CallJournal, call: Call, startChildren: StartChildren): Powers['workflow'] => ({
  call: async (job) => {
    await call.carriage.leave('workflow', call.node.key, job.workflow);
    const begin = (id: string, part: Job, from: number) =>
      startChildren(part, { path: call.path, node: call.node.key, call: id, from, signal: call.carriage.signal });
    const asking = (part: Job) => ({ op: 'workflow.call', request: part, effect: 'idempotent' }) as const;
    if (!job.wait) {
      const started = await journal.make(asking(job), async (_, id) =>
        (await begin(id, job, 0)).map(({ run }) => ({ run, status: 'started', output: [] })),
      );
      return started as Ends;
    }
    const ends: unknown[] = [];
    // So many at a time: the next are begun when all of these have ended, each lot a call of its own in the journal.
    for (let from = 0; from < job.inputs.length; from += job.parallel) {
      const part = { ...job, inputs: job.inputs.slice(from, from + job.parallel) };
      const ended = await journal.wait(asking(part), async (id) => waitFor(await begin(id, part, from)));
      ends.push(...(ended as unknown[]));
    }
    return ends as Ends;
  },
});

/** Children that were over when they were stored are an answer; waiting for others gives the claim back. */
function waitFor(children: readonly Child[]): Waiting | Answered {
  const ends = children.flatMap(({ end }) => end ?? []);
  if (ends.length === children.length) return { answer: ends };
  return { kind: 'run', children: children.map(({ run, item }) => ({ run, item })) };
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** Text of an answer as a node may see it. It was read in turns, in which others had theirs. */
async function cleaned({ carriage, budget }: Call, text: string, encoding: string): Promise<string> {
  const clean = (await carriage.cleanText?.(text, encoding)) ?? text;
  budget.rested();
  return clean;
}

/** HTTP behind the journal: an answer is kept as JSON, its bytes in base64. */
function overHttp(
  journal: CallJournal,
  lent: (lastLook: () => void) => PowerSource,
  { item, clean }: { readonly item: number | undefined; readonly clean: CleanText },
): HttpPower {
  return {
    send: async (request) => {
      const kept = await journal.make(
        { op: 'http.send', request: { ...request, body: bodyText(request) }, effect: effectOf(request) },
        async (lastLook) => {
          const reply = await lent(lastLook)('http', item).send(request);
          return {
            status: reply.status,
            headers: reply.headers,
            url: reply.url,
            bytes: Buffer.from(reply.bytes).toString('base64'),
            ...(reply.stored ? { stored: reply.stored } : {}),
          };
        },
      );
      return replyOf(kept as Kept, (_, text) => lent(nothingSent)('log', item).warn(text), clean);
    },
  };
}

const bodyText = ({ body }: HttpRequest) => (body instanceof Uint8Array ? Buffer.from(body).toString('base64') : body);
const effectOf = ({ method, headers = {} }: HttpRequest): EffectClass =>
  safeMethods.has(method.toUpperCase()) || Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key')
    ? 'idempotent'
    : 'effect';

/** The last look of a power that sends nothing. */
const nothingSent = (): void => {};

interface Kept {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  readonly bytes: string;
  readonly stored?: StoredBytes;
}

function replyOf(kept: Kept, log: (level: 'warn', text: string) => void, clean: CleanText): HttpReply {
  const read = { ...kept, bytes: new Uint8Array(Buffer.from(kept.bytes, 'base64')) };
  return { ...read, ...readingOf(read, log, clean) };
}
