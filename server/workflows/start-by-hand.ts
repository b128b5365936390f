import type { Plan } from '../../flow/compile/plan.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { Pinned, Workflow } from '../../flow/document/workflow.ts';
import { credentialNames } from '../credentials/store.ts';
import { withWorkspace } from '../db/connect.ts';
import { notFound, Refusal } from '../http/refusal.ts';
import type { JsonWarning } from '../text/json-scan.ts';
import { appendRefusal } from '../runs/act.ts';
import type { Actor } from '../engine/actor.ts';
import type { Engine } from '../engine/engine.ts';
import type { OwnCalls } from '../engine/own-calls.ts';
import type { Outcomes } from '../engine/outcomes.ts';
import { wholeOf } from '../runs/reads.ts';
import type { Reading } from '../runs/reads.ts';
import { startInput } from '../runs/start-input.ts';
import { Refused } from '../journal/refused.ts';
import { eventOf, startNow } from '../inbox/accept.ts';
import { enterBelow } from '../inbox/enter-below.ts';
import type { WaitingCallers } from '../inbox/waiting-callers.ts';
import type { PublishedVersion } from '../triggers/directory.ts';
import { nameTestRun, readTestCall } from '../triggers/listening.ts';
import { judged } from './judging.ts';
import { ready } from './read-document.ts';
import { insteadOfPins, reusedPins } from './reuse.ts';
import type { Earlier, Pins } from './reuse.ts';
import { asDocument, findRow, refuseStale } from './store.ts';
import type { Drafts } from './store.ts';
import { readPlan } from './versions.ts';

/** What starting a run by REST is given. */
export interface StartWanted {
  readonly input?: unknown;
  readonly start?: string | undefined;
  /** Seconds to wait for the end. */
  readonly wait?: number | undefined;
  /** The draft instead of the published version. */
  readonly draft?: boolean | undefined;
  /** Of a draft: its pins stand for their nodes, as on the canvas; with `rest` only where the run in `reuse` has nothing of the node. */
  readonly pins?: boolean | 'rest' | undefined;
  /** Of a draft: the revision that is meant; 409 `stale` when it is not the latest. */
  readonly revision?: number | undefined;
  /** Of a draft: the last node to carry out. */
  readonly upTo?: string | undefined;
  /** Of a draft: a run whose input is used again; up to a node, also what its nodes gave as long as they have not changed. */
  readonly reuse?: string | undefined;
  /** Of a draft: the test call to start with, by the id of its listening; who called is answered by the run. */
  readonly listening?: string | undefined;
}

export interface Starting extends Drafts, Reading {
  readonly engine: Engine;
  readonly outcomes: Outcomes;
  readonly callers: WaitingCallers;
  readonly ownCalls: OwnCalls;
}

/** A run that was started: over, when somebody waited for it long enough. */
export interface HandStarted {
  readonly run: string;
  readonly isOver: boolean;
}

/** Who starts what, from where. */
export interface HandPlace {
  readonly workspace: string;
  readonly id: string;
  readonly by: string;
  readonly warnings: readonly JsonWarning[];
  readonly signal: AbortSignal;
  /** Of the request: a run may have sent it. */
  readonly headers: Parameters<OwnCalls['enter']>[0];
}

/** Starts a run by hand: of the published version, or of the draft (also when nothing is published). */
export async function startByHand(around: Starting, place: HandPlace, wanted: StartWanted): Promise<HandStarted> {
  const { workspace, id, warnings, headers } = place;
  const version = await versionFor(around, workspace, id, wanted);
  const earlier = await earlierRun(around, workspace, id, wanted);
  const called = await testCallOf(around, place, wanted);
  const key = startOf(version.plan, called?.key ?? wanted.start ?? earlier?.start);
  const what = {
    workspace,
    published: version,
    key,
    kind: called ? 'test-call' : 'manual',
    // What another start was given says nothing to this one.
    items: called
      ? [called.call]
      : earlier?.start === key
        ? earlier.input
        : startInput(version.plan, key, wanted.input ?? sampleOf(version.plan, key)),
    lane: wanted.wait === undefined ? ('interactive' as const) : ('realtime' as const),
    source: `/api/v1/workflows/${id}/runs`,
    ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
    descends: await enterBelow(around.ownCalls, headers),
  };
  const begin = async () => {
    const actor = await started(around.engine, what, { ...version, pins: pinsFor(version, key, wanted, earlier) });
    if (called) await withWorkspace(around.database, workspace, (tx) => nameTestRun(tx, called.id, actor.run));
    return actor;
  };
  const { wait = 0 } = wanted;
  if (wait === 0) return handStarted(await begin());
  const leave = around.callers.enter(workspace);
  return overWithin(around, begin(), wait * 1000, place.signal).finally(leave);
}

const handStarted = ({ run, settled }: Actor): HandStarted => ({ run, isOver: settled.isOver });

async function overWithin({ outcomes }: Starting, begun: Promise<Actor>, withinMs: number, signal: AbortSignal) {
  const actor = await begun;
  const { workspace, run } = actor;
  const over = await outcomes.of({ workspace, run, actor }, { want: 'end', withinMs, signal });
  return { run, isOver: over !== undefined };
}

interface Version extends Omit<PublishedVersion, 'version'> {
  readonly version: number;
  readonly isDraft: boolean;
}

async function versionFor(
  { database, catalogueOf, compute }: Drafts,
  workspace: string,
  id: string,
  { draft: isDraft = false, pins, upTo, reuse, listening, input, revision }: StartWanted,
): Promise<Version> {
  const row = await withWorkspace(database, workspace, (tx) => findRow(tx, id));
  const { name, published } = row;
  const drafts = [upTo, reuse, revision, listening, pins === false ? undefined : pins];
  if (!isDraft && drafts.some((one) => one !== undefined))
    throw new Refusal(
      400,
      'draft-only',
      'Only a draft is run up to a node, with pins, at a revision, with a test call, or with what another run gave.',
      { mend: 'Send "draft": true.' },
    );
  if ([reuse, listening, input].filter((one) => one !== undefined).length > 1)
    throw new Refusal(400, 'reuse-unclear', 'A run that is used again, or a test call, brings its own input.', {
      mend: 'Send one of "reuse", "listening" and "input".',
    });
  refuseStale(row, revision);
  if (isDraft) {
    const whole = asDocument(row.document);
    const document = upTo === undefined ? whole : leadingTo(whole, upTo);
    const credentials = await withWorkspace(database, workspace, credentialNames);
    const around = { nodes: await catalogueOf(workspace), credentials };
    const { plan } = ready(await judged(compute, workspace, document, around, 'plan'));
    return {
      id,
      name,
      version: 0,
      isDraft,
      document,
      plan,
    };
  }
  const found = published === null ? undefined : await readPlan(database, workspace, id, published);
  if (published === null || !found)
    throw new Refusal(409, 'not-published', 'This workflow is not published.', {
      mend: 'Publish it, or run the draft with "draft": true.',
    });
  return { id, name, version: published, isDraft, ...found };
}

/** The part of a document that leads to a node: what it comes from, its parts, and itself. */
function leadingTo(document: Workflow, key: string): Workflow {
  if (!document.nodes.some((node) => node.key === key))
    throw new Refusal(400, 'node-unknown', `There is no node ${key} to run up to.`);
  const into = Map.groupBy(document.edges, ({ to }) => splitEnd(to).key);
  const kept = new Set([key]);
  // A Set's iterator also visits what is added while it runs.
  for (const next of kept) for (const { from } of into.get(next) ?? []) kept.add(splitEnd(from).key);
  return {
    ...document,
    nodes: document.nodes.filter((node) => kept.has(node.key)),
    edges: document.edges.filter(({ from, to }) => kept.has(splitEnd(from).key) && kept.has(splitEnd(to).key)),
  };
}

interface EarlierRun extends Earlier {
  readonly start: string;
  readonly input: readonly unknown[];
}

/** The run whose input and outputs are used again; 404 when it is not one of this workflow. */
async function earlierRun(
  reading: Reading,
  workspace: string,
  id: string,
  { reuse }: StartWanted,
): Promise<EarlierRun | undefined> {
  if (reuse === undefined) return undefined;
  const { row, plan, facts } = await wholeOf(reading, workspace, reuse);
  const begun = facts.find((fact) => fact.type === 'run.started');
  if (row.workflow !== id || !begun || !('items' in begun.data.input)) throw notFound('run');
  return { plan, facts, start: begun.data.start, input: begun.data.input.items };
}

/** The test call that the run starts with; 404 while nobody has called, and for another's. */
async function testCallOf(
  { database }: Drafts,
  { workspace, id, by }: { workspace: string; id: string; by: string },
  { listening }: StartWanted,
) {
  if (listening === undefined) return undefined;
  const read = await withWorkspace(database, workspace, (tx) => readTestCall(tx, { workflow: id, by }, listening));
  return { id: listening, ...read };
}

function pinsFor(
  { plan, document }: Version,
  start: string,
  { pins: used = false, upTo }: StartWanted,
  earlier: EarlierRun | undefined,
): Pins {
  const reused = earlier && upTo !== undefined ? reusedPins(plan, earlier, { start, upTo }) : {};
  const own = used === false ? {} : pinsOf(plan, document);
  // What another start led to says nothing to this one.
  return used === 'rest' && earlier?.start === start
    ? { ...insteadOfPins(earlier, own), ...reused }
    : { ...reused, ...own };
}

async function started(
  engine: Engine,
  what: Parameters<typeof startNow>[1],
  version: Version & { readonly pins: Pins },
) {
  try {
    if (!version.isDraft) {
      const accepted = await startNow(engine, what);
      if (accepted.is === 'started') return accepted.actor;
      throw new Error('a start by hand has no key to be a duplicate by');
    }
    const { workspace, key, kind, items, lane, warnings, descends } = what;
    const { id, name, plan, document, pins } = version;
    return await engine.start({
      workspace,
      workflow: { id, name, version: null },
      plan,
      document,
      start: key,
      input: items,
      lane,
      mode: 'manual',
      trigger: { kind, key },
      event: eventOf(what),
      ...(Object.keys(pins).length > 0 ? { pins } : {}),
      ...(warnings ? { warnings } : {}),
      ...(descends ? { descends } : {}),
    });
  } catch (error) {
    throw error instanceof Refused ? appendRefusal(error) : error;
  }
}

/** The start that was named, or the only one, or the only manual one (CONTRACT). */
function startOf(plan: Plan, named: string | undefined): string {
  if (named !== undefined) {
    if (plan.starts.includes(named)) return named;
    throw new Refusal(400, 'start-unknown', `There is no start ${named}.`, {
      mend: `The starts are ${plan.starts.join(', ')}.`,
    });
  }
  const manual = plan.starts.filter((key) => plan.nodes[key]?.type === 'start.manual');
  const only = plan.starts.length === 1 ? plan.starts[0] : manual.length === 1 ? manual[0] : undefined;
  if (only === undefined)
    throw new Refusal(400, 'start-missing', 'The workflow has several starts.', {
      mend: `Say which with "start": ${plan.starts.join(', ')}.`,
    });
  return only;
}

/** What a manual start was given to be tried with. */
const sampleOf = (plan: Plan, key: string): unknown =>
  plan.nodes[key]?.type === 'start.manual' ? plan.nodes[key].params['sample'] : undefined;

/** Pins stand in for nodes of a draft that still has them; a list is the node's first port. */
function pinsOf(plan: Plan, { pins }: Workflow): Pins {
  const kept = Object.entries(pins ?? {}).filter(([key]) => Object.hasOwn(plan.nodes, key));
  return Object.fromEntries(kept.map(([key, value]) => [key, byPort(plan, key, value)]));
}

const byPort = (plan: Plan, key: string, value: Pinned): Record<string, unknown[]> =>
  Array.isArray(value) ? { [plan.nodes[key]?.outputs[0] ?? 'out']: value } : value;
