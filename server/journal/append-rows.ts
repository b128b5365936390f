import type { FactOf } from '../../flow/facts/fact.ts';
import type { Append, AppendStart, StageChange } from './flusher.ts';
import { withinCalendar } from '../../flow/values/calendar.ts';
import { storable } from './storable.ts';
import type { Known } from './known.ts';

/** The parts of a flush; each is a list of rows, JSON text each. */
export const sections = [
  'begin',
  'proceed',
  'fence',
  'fact',
  'event',
  'plan',
  'put',
  'gone',
  'open',
  'close',
  'token',
  'wake',
] as const;
export type Section = (typeof sections)[number];

/** One append as rows of JSON, ready to be put side by side with others'. */
export interface AppendRows {
  readonly run: string;
  readonly workspace: string;
  readonly expect: number;
  readonly seq: number;
  /** Names the dedupe key that it takes, unique over all workspaces and triggers. */
  readonly dedupe?: string;
  /** The plan that it brings, to be remembered once it is stored. */
  readonly plan?: string;
  readonly bytes: number;
  /** What the run's journal grows by: its facts, and the values that left for blobs. */
  readonly journal: number;
  /** The length of the longest fact or event among them. */
  readonly largest: number;
  readonly rows: Readonly<Partial<Record<Section, readonly string[]>>>;
}

/** What of an append is stored under its name: as it was given, or with markers in place of what left for blobs. */
export interface Stored {
  readonly facts: readonly { readonly type: string; readonly at: number; readonly data: unknown }[];
  /** The data of the inbox event. */
  readonly event: unknown;
  /** The bytes of what left. */
  readonly moved?: number;
}

/** Turns an append into rows. Plans that the database is known to have are left out. */
export function rowsOf(append: Append, { facts, event, moved = 0 }: Stored, plans: Known): AppendRows {
  const { workspace, run, expect, start, stages } = append;
  const seq = expect + facts.length;
  const fenced = new Set(append.fence?.map((fence) => `${fence.stage}@${fence.path}`));
  const plan = start && `${workspace}/${start.plan.fingerprint}`;
  const made: Partial<Record<Section, unknown[]>> = {
    fence:
      append.fence?.map(({ stage, path, epoch, expired }) => ({ run, stage, path, epoch, expired: !!expired })) ?? [],
    fact: facts.map(({ type, at, data }, index) => ({ run, w: workspace, seq: expect + 1 + index, type, at, data })),
    event: start?.event ? [eventRow(append, start.event, event)] : [],
    plan: start && plan && !plans.has(plan) ? [{ run, w: workspace, ...start.plan }] : [],
    put: stages
      .filter((change) => change.to !== 'gone')
      .map((change) => putRow(append, change, fenced.has(`${change.stage}@${change.path}`))),
    gone: stages.filter((change) => change.to === 'gone').map(({ stage, path }) => ({ run, stage, path })),
    open: append.effects?.open.map((intent) => ({ run, w: workspace, ...intent })) ?? [],
    close: append.effects?.close.map((intent) => ({ run, ...intent })) ?? [],
    token: append.tokens?.map((token) => ({ run, w: workspace, ...token })) ?? [],
    wake:
      append.wake?.map(({ task, runAt, stage, path }) => ({
        run,
        task,
        at: withinCalendar(runAt),
        payload: { run, stage, path, workspace },
      })) ?? [],
  };
  const rows: Partial<Record<Section, string[]>> = {};
  let bytes = 0;
  let journal = moved;
  let largest = 0;
  for (const section of sections) {
    const texts = made[section]?.map((row) => storable(row));
    if (!texts || texts.length === 0) continue;
    rows[section] = texts;
    for (const text of texts) {
      bytes += text.length;
      if (section === 'fact') journal += text.length;
      if (section === 'fact' || section === 'event') largest = Math.max(largest, text.length);
    }
  }
  const head = storable({ ...(start ? beginning(append, start, seq) : proceeding(append, seq)), bytes: journal });
  rows[start ? 'begin' : 'proceed'] = [head];
  bytes += head.length;
  const { trigger, dedupeKey } = start?.event ?? {};
  return {
    run,
    workspace,
    expect,
    seq,
    bytes,
    journal,
    largest,
    rows,
    ...(dedupeKey !== undefined && { dedupe: storable([workspace, trigger ?? '', dedupeKey]) }),
    ...(plan !== undefined && { plan }),
  };
}

/** The row of `runs` for a new run: what its first fact says, and how it stands. */
function beginning(append: Append, { event, hidden }: AppendStart, seq: number) {
  const { data, at } = startedFact(append);
  return {
    run: append.run,
    w: append.workspace,
    workflow: data.workflow.id,
    name: data.workflow.name,
    version: data.workflow.version,
    mode: data.mode,
    kind: data.trigger.kind,
    event: data.trigger.event,
    start: data.start,
    lane: data.lane,
    seq,
    plan: data.plan,
    engine: data.engine,
    at,
    retry_of: data.retryOf,
    root: data.root,
    parent_run: data.parent?.run,
    parent_path: data.parent?.path,
    parent_node: data.parent?.node,
    parent_item: data.parent?.item,
    depth: data.parent?.depth ?? 0,
    hidden: hidden ?? data.parent !== undefined,
    trigger: event?.trigger ?? '',
    dedupe: event?.dedupeKey,
    known: event?.dedupeUntil === undefined ? undefined : withinCalendar(event.dedupeUntil),
    ...standing(append),
  };
}

function startedFact(append: Append): FactOf<'run.started'> {
  const [first] = append.facts;
  if (append.expect !== 0 || first?.type !== 'run.started')
    throw new Error(`${append.run} would start without run.started as its first fact`);
  return first;
}

const proceeding = (append: Append, seq: number) => ({
  run: append.run,
  w: append.workspace,
  expect: append.expect,
  seq,
  ...standing(append),
});

const standing = ({ row: { status, needs, awaitsRuns, error, finishedAt } }: Append) => ({
  status,
  needs,
  awaits: awaitsRuns,
  error,
  over: finishedAt,
});

function eventRow(append: Append, event: NonNullable<AppendStart['event']>, data: unknown) {
  const { id, source, type, subject, time, trigger, dedupeKey } = event;
  const at = time ?? startedFact(append).at;
  return { run: append.run, w: append.workspace, id, source, type, subject, at, data, trigger, dedupe: dedupeKey };
}

function putRow(append: Append, change: StageChange, isFenced: boolean) {
  const { stage, path, to, lane, nextAt, epoch, crashes, code } = change;
  return {
    run: append.run,
    w: append.workspace,
    stage,
    path,
    state: to,
    epoch: epoch ?? (to === 'leased' ? 1 : 0),
    next: nextAt == null ? nextAt : withinCalendar(nextAt),
    lane,
    crashes: crashes ?? 0,
    code: code ?? false,
    ours: isFenced,
  };
}
