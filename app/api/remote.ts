import * as z from 'zod';
import {
  issuesDetails,
  openedWorkflow,
  runDocument,
  savedWorkflow,
  staleDetails,
  wholeVersion,
} from '../../flow/contract/document.ts';
import { startedRun } from '../../flow/contract/run.ts';
import { heardCall, listening, publishedWorkflow } from '../../flow/contract/workflow.ts';
import type { HeardCall, Listening, PublishedWorkflow } from '../../flow/contract/workflow.ts';
import type { NodeEntry } from '../../flow/contract/node.ts';
import type { NodeCard } from '../../flow/document/card.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { ApiError } from './api-error.ts';
import { call } from './call.ts';
import { fetchCards, fetchIndex } from './nodes.ts';

type Opened = z.output<typeof openedWorkflow>;

/** A workflow as the editor opens it: the draft, and what is live with its document where that could be read. */
export interface OpenedWorkflow
  extends
    Pick<Opened, 'id' | 'revision' | 'document'>,
    Partial<Pick<Opened, 'issues' | 'latest' | 'triggers' | 'bases'>> {
  readonly published?: { readonly version: number; readonly document?: Workflow | undefined } | undefined;
}

/** What came of sending a draft. */
export type Saved = { readonly revision: number } | Stale;

/** What was asked of a revision that is not the latest any more: the draft as it is now. */
export interface Stale {
  readonly stale: { readonly revision: number; readonly document: Workflow };
}

/** What came of asking to publish. */
export type Publishing = PublishedWorkflow | Stale | { readonly issues: readonly Issue[] };

/** What is to go live: the draft at a revision, or an earlier version as it was. */
export type PublishWish = { readonly revision: number } | { readonly version: number };

/** How a run of the draft begins. */
export interface StartWish {
  readonly draft: boolean;
  /** Of a draft: what is on the canvas, as it is stored. */
  readonly revision?: number | undefined;
  readonly start?: string | undefined;
  readonly input?: unknown;
  /** The last node to carry out: what follows it does not run. */
  readonly upTo?: string | undefined;
  /** A run of this workflow: its input is used again, and what it gave before that node, as far as nothing of it has changed. */
  readonly reuse?: string | undefined;
  /** What that run had of a node stands before what is pinned there. */
  readonly pins?: 'rest' | undefined;
  /** The test call that it starts with: who called is answered by the run. */
  readonly listening?: string | undefined;
}

/** The server as the editor needs it. Every call throws an `ApiError` when it is refused. */
export interface Remote {
  /** Every node that there is, in short. */
  index(): Promise<NodeEntry[]>;
  /** The cards of some types, whole, of every version. */
  cards(types: readonly string[]): Promise<NodeCard[]>;
  open(id: string): Promise<OpenedWorkflow>;
  /** How it stands: the draft's revision, and the version that is live. */
  standing(id: string): Promise<{ readonly revision: number; readonly published: number | null }>;
  save(id: string, document: Workflow, revision: number): Promise<Saved>;
  publish(id: string, wish: PublishWish): Promise<Publishing>;
  unpublish(id: string): Promise<void>;
  start(id: string, wish: StartWish): Promise<{ readonly runId: string } | Stale>;
  /** Listens for one test call of a webhook of the draft. */
  listen(id: string, start: string, revision: number): Promise<Listening | Stale>;
  /** Whether who calls waits for the answer of the run that is started with the call. */
  setAwaits(id: string, listening: string, awaits: boolean): Promise<void>;
  heard(id: string, listening: string): Promise<HeardCall>;
  stopListening(id: string, listening: string): Promise<void>;
  cancel(id: string): Promise<void>;
  /** The document that a run carries out: of its version, or the draft as it was then. */
  ran(id: string): Promise<Workflow>;
}

/** The server over its own REST doors. */
export function openRemote(): Remote {
  const workflows = (id: string) => `/api/v1/workflows/${encodeURIComponent(id)}`;
  const listened = (id: string, listening: string) => `${workflows(id)}/listenings/${encodeURIComponent(listening)}`;
  const runs = (id: string) => `/api/v1/runs/${encodeURIComponent(id)}`;
  const get = <Shape extends z.ZodType>(path: string, shape: Shape) => call('GET', path, { shape });
  // What is being saved as the page is left still arrives.
  const post = <Shape extends z.ZodType>(path: string, shape: Shape, body?: unknown) =>
    call('POST', path, { shape, body, outlives: true });
  return {
    index: () => fetchIndex(),
    cards: (types) => fetchCards(types),
    open: async (id) => {
      const { published: version, latest, ...rest } = await get(workflows(id), openedWorkflow);
      if (version === null) return { ...rest, latest };
      // What is live is only for saying what changes: without it the editor opens all the same.
      const live = await get(`${workflows(id)}/versions/${version}`, wholeVersion).catch(() => undefined);
      return { ...rest, latest, published: { version, document: live?.document } };
    },
    standing: (id) => get(workflows(id), openedWorkflow.pick({ revision: true, published: true })),
    save: (id, document, revision) =>
      staling(call('PUT', workflows(id), { shape: savedWorkflow, body: { document, revision }, outlives: true })),
    publish: (id, wish) => publishing(post(`${workflows(id)}/publish`, publishedWorkflow, wish)),
    unpublish: async (id) => void (await post(`${workflows(id)}/unpublish`, z.unknown())),
    listen: (id, start, revision) => staling(post(`${workflows(id)}/listenings`, listening, { start, revision })),
    setAwaits: async (id, one, awaits) =>
      void (await call('PUT', listened(id, one), { shape: z.unknown(), body: { awaits } })),
    heard: (id, one) => get(listened(id, one), heardCall),
    stopListening: async (id, one) => void (await call('DELETE', listened(id, one), { shape: z.unknown() })),
    // What is pinned on the canvas stands for its nodes here, and for no other caller of the contract.
    start: (id, wish) => staling(post(`${workflows(id)}/runs`, startedRun, { ...wish, pins: wish.pins ?? wish.draft })),
    cancel: async (id) => void (await post(`${runs(id)}/cancel`, z.unknown())),
    ran: async (id) => (await get(`${runs(id)}/document`, runDocument)).document,
  };
}

async function staling<Told>(asked: Promise<Told>): Promise<Told | Stale> {
  try {
    return await asked;
  } catch (error) {
    const stale = error instanceof ApiError && error.status === 409 ? staleDetails.safeParse(error.details) : undefined;
    if (stale?.success) return { stale: stale.data };
    throw error;
  }
}

async function publishing(asked: Promise<PublishedWorkflow>): Promise<Publishing> {
  try {
    return await staling(asked);
  } catch (error) {
    const found =
      error instanceof ApiError && error.status === 422 ? issuesDetails.safeParse(error.details) : undefined;
    if (found?.success) return { issues: found.data.issues };
    throw error;
  }
}
