import type { FactOf, FactType } from './fact.ts';
import { answerCall, answerToken, intendCall, issueToken, suspendCall, timerDue } from './fold-calls.ts';
import { answerDoubt, answerItem, doubt, failItem, intendItems } from './fold-items.ts';
import { failStep, finishStage, quarantine } from './fold-stages.ts';
import { end, instanceOf } from './folding.ts';
import type { Folding } from './folding.ts';
import { bodyOf, eachOf, records } from './place-rows.ts';
import type { PlaceRow } from './place-rows.ts';
import { progressed } from './progress.ts';
import { waitOf } from './wait.ts';
import type { WaitNews } from './wait.ts';

/**
 * When a retry takes a fact over: never; with its stage, when that is not done again; also with a stage that is done again without having
 * ended, because something went out; or, for a node's link, only with a stage that ended.
 */
export type Kept = 'never' | 'with-stage' | 'with-effect' | 'with-link';

/** An intent that a fact opens or closes: of an item, or of a call. */
export type IntentRef = { readonly item: number } | { readonly call: string };

/** What a kind of fact means, wherever that is asked. A new kind is its shape in `fact.ts` and a row here. */
export interface FactKind<Type extends FactType> {
  readonly fold: (draft: Folding, fact: FactOf<Type> & { readonly seq: number }) => void;
  readonly retry: Kept | ((data: FactOf<Type>['data']) => Kept);
  /** True when it takes something away that was live: left out, what was under way is seen as it was. */
  readonly isEnd: boolean;
  /** What leaves the row when it is large; empty when nothing in it can be. */
  readonly large: { readonly [Field in keyof FactOf<Type>['data']]?: PlaceRow[string] };
  /** What the table of effects mirrors: intents that it opens, and closes, and links that it issues; empty for all that is not about the outside. */
  readonly mirror: {
    readonly opens?: (data: FactOf<Type>['data']) => readonly IntentRef[];
    readonly closes?: (data: FactOf<Type>['data']) => readonly IntentRef[];
    readonly issues?: (data: FactOf<Type>['data']) => { stage: string; path: string; node: string; hash: string };
  };
  /** The items of its node that it says something of, each sent by itself: what is said of one keeps its order. Null when it is not about items. */
  readonly items: ((data: FactOf<Type>['data']) => readonly number[]) | null;
  /** What it says of the waiting of its step; null when its step neither begins nor ends to wait by it. */
  readonly waits: ((fact: FactOf<Type>) => WaitNews | undefined) | null;
}

const nothing = {} as const;

/** Every kind of fact. */
export const factKinds: { readonly [Type in FactType]: FactKind<Type> } = {
  'run.started': {
    fold: (draft, { data, at }) => {
      draft.started = data;
      draft.startedAt = at;
    },
    retry: 'never',
    isEnd: false,
    large: { input: 'port', pins: eachOf(eachOf('list')), document: 'value' },
    mirror: nothing,
    items: null,
    waits: null,
  },
  'stage.finished': {
    fold: finishStage,
    retry: 'with-stage',
    isEnd: false,
    large: { nodes: records, kept: 'records' },
    mirror: nothing,
    items: null,
    waits: null,
  },
  'stage.progressed': {
    // Whoever looks is shown it (`trace.ts`); the run goes on as if nobody had looked.
    fold: () => undefined,
    retry: 'never',
    isEnd: false,
    large: { nodes: records },
    mirror: nothing,
    items: null,
    waits: null,
  },
  'stage.skipped': {
    fold: (draft, { data, at }) => {
      for (const { stage, path } of data.stages) end(draft, stage, path, 'skipped', at);
    },
    // Of those that it names, the ones that are not done again.
    retry: 'with-stage',
    isEnd: false,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
  'step.failed': {
    fold: failStep,
    retry: 'never',
    isEnd: true,
    large: { before: records, counts: 'counts', kept: 'records' },
    mirror: nothing,
    items: null,
    waits: ({ at, data: { retryAt, fault } }) =>
      retryAt === undefined
        ? undefined
        : { begins: `retry ${at}`, wait: { from: at, to: Math.max(at, retryAt), why: 'retry', says: fault.message } },
  },
  'step.intended': {
    fold: intendItems,
    retry: 'with-stage',
    isEnd: false,
    large: nothing,
    mirror: { opens: ({ items }) => items.map((item) => ({ item })) },
    items: ({ items }) => items,
    waits: null,
  },
  'step.answered': {
    fold: answerItem,
    retry: ({ fault }) => (fault === undefined ? 'with-effect' : 'with-stage'),
    isEnd: false,
    large: { out: eachOf('list') },
    mirror: { closes: ({ item }) => [{ item }] },
    items: ({ item }) => [item],
    waits: ({ data: { item } }) => ({ item, retryAt: undefined }),
  },
  'item.failed': {
    fold: failItem,
    retry: ({ retryAt }) => (retryAt === undefined ? 'never' : 'with-stage'),
    isEnd: false,
    large: nothing,
    mirror: { closes: ({ item }) => [{ item }] },
    items: ({ item }) => [item],
    waits: ({ data: { item, retryAt, fault } }) => ({ item, retryAt, says: fault.message }),
  },
  'step.in-doubt': {
    fold: doubt,
    retry: 'with-stage',
    isEnd: false,
    large: nothing,
    mirror: { closes: ({ call, items }) => (call === undefined ? items.map((item) => ({ item })) : [{ call }]) },
    items: ({ items }) => items,
    waits: ({ at, data }) => ({ begins: data.call ?? '', wait: { from: at, to: undefined, why: 'doubt' } }),
  },
  'doubt.answered': {
    fold: answerDoubt,
    retry: ({ answer }) => (answer === 'sent' ? 'with-effect' : 'with-stage'),
    isEnd: false,
    large: { output: 'value' },
    mirror: nothing,
    items: ({ item }) => (item === undefined ? [] : [item]),
    waits: ({ data }) => ({ ends: data.call ?? '' }),
  },
  'call.intended': {
    fold: intendCall,
    retry: 'with-effect',
    isEnd: false,
    large: nothing,
    mirror: { opens: ({ call }) => [{ call }] },
    items: null,
    waits: null,
  },
  'call.answered': {
    fold: answerCall,
    retry: ({ fault }) => (fault === undefined ? 'with-effect' : 'with-stage'),
    isEnd: false,
    large: { value: 'value' },
    mirror: { closes: ({ call }) => [{ call }] },
    items: null,
    waits: ({ data }) => ({ ends: data.call }),
  },
  'call.suspended': {
    fold: suspendCall,
    retry: ({ waiting }) => (waiting.kind === 'token' ? 'with-link' : 'with-stage'),
    isEnd: false,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: ({ at, data: { call, waiting } }) => ({ begins: call, wait: waitOf(waiting, at) }),
  },
  'timer.due': {
    fold: timerDue,
    retry: 'with-stage',
    isEnd: false,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: ({ data }) => ({ ends: data.call }),
  },
  'token.issued': {
    fold: issueToken,
    retry: 'with-link',
    isEnd: false,
    large: nothing,
    mirror: { issues: (data) => data },
    items: null,
    waits: null,
  },
  'token.answered': {
    fold: answerToken,
    retry: 'with-link',
    isEnd: false,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
  'stage.crashed': {
    fold: (draft, { data }) => void instanceOf(draft, data.stage, data.path).crashes++,
    retry: 'never',
    isEnd: false,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
  'stage.quarantined': {
    fold: quarantine,
    retry: 'never',
    isEnd: false,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
  'stage.missing-node': {
    fold: (draft, { data: { stage, path, node, nodeType, version, content } }) => {
      const pin = content === undefined ? {} : { content };
      instanceOf(draft, stage, path).missing = { node, type: nodeType, version, ...pin };
    },
    retry: 'never',
    isEnd: false,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
  'stage.stopped': {
    fold: (draft, { data, at }) => end(draft, data.stage, data.path, 'stopped', at),
    retry: 'never',
    isEnd: true,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
  'loop.progressed': {
    fold: (draft, { data }) => progressed(instanceOf(draft, data.stage, data.path), data),
    retry: 'with-stage',
    isEnd: false,
    large: { back: 'list', counts: 'counts', kept: 'records' },
    mirror: nothing,
    items: null,
    waits: null,
  },
  'run.replied': {
    fold: (draft, { data }) => void (draft.reply ??= data.reply),
    retry: 'never',
    isEnd: false,
    large: { reply: bodyOf },
    mirror: nothing,
    items: null,
    waits: null,
  },
  'run.finished': {
    fold: (draft, { data, at }) => {
      draft.ended = { status: 'finished', at };
      draft.output = data.output;
    },
    retry: 'never',
    isEnd: true,
    large: { output: 'list' },
    mirror: nothing,
    items: null,
    waits: null,
  },
  'run.failed': {
    fold: (draft, { data, at }) => {
      draft.ended = { status: 'failed', at };
      draft.failing ??= data.fault;
    },
    retry: 'never',
    isEnd: true,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
  'run.cancelled': {
    fold: (draft, { data, at }) => {
      draft.ended = { status: 'cancelled', at };
      draft.cancelReason = data.reason;
    },
    retry: 'never',
    isEnd: true,
    large: nothing,
    mirror: nothing,
    items: null,
    waits: null,
  },
};

/** The row of a fact, for a fact of whichever kind: rows take only facts of their own, which the type of one fact cannot say. */
export const kindOf = (fact: { readonly type: FactType }): FactKind<never> =>
  factKinds[fact.type] as unknown as FactKind<never>;
