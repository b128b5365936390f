import type * as z from 'zod';
import type { NodeCard } from '../../flow/document/card.ts';
import { send as sendFromHere } from '../host/send.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import * as shapes from './remote-shapes.ts';
import type { Heard, OpenedWorkflow, Problem, Published, Run } from './remote-shapes.ts';

/** What came of sending a draft. */
export type Saved = { readonly revision: number } | Stale;

/** What was asked of a revision that is not the latest any more: the draft as it is now. */
export interface Stale {
  readonly stale: { readonly revision: number; readonly document: Workflow };
}

/** What came of asking to publish. */
export type Publishing = Published | Stale | { readonly issues: readonly Issue[] };

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
}

/** An address that takes one test call until then. */
export interface Listening {
  readonly id: string;
  readonly url: string;
  readonly methods: readonly string[];
  readonly until: string;
}

/** A person's answer to a step that waits: what became of it, or a choice of a review. */
export interface Answer {
  readonly step: string;
  readonly item?: number | undefined;
  readonly call?: string | undefined;
  readonly answer: string;
  readonly output?: unknown;
}

/** The server as the editor and the run view need it. Every call throws a `FarProblem` when it is refused. */
export interface Remote {
  cards(): Promise<NodeCard[]>;
  open(id: string): Promise<OpenedWorkflow>;
  save(id: string, document: Workflow, revision: number): Promise<Saved>;
  publish(id: string, wish: PublishWish): Promise<Publishing>;
  unpublish(id: string): Promise<void>;
  start(id: string, wish: StartWish): Promise<{ readonly runId: string } | Stale>;
  /** Listens for one test call of a webhook of the draft. */
  listen(id: string, start: string, revision: number): Promise<Listening | Stale>;
  heard(id: string, listening: string): Promise<Heard>;
  stopListening(id: string, listening: string): Promise<void>;
  /** The document that a run was made from; undefined when the server does not keep it. */
  runDocument(run: Run): Promise<Workflow | undefined>;
  waiting(): Promise<Run[]>;
  cancel(id: string): Promise<void>;
  retry(id: string, from?: string): Promise<{ readonly runId: string }>;
  answer(id: string, answer: Answer): Promise<void>;
}

/** What the server said no to, in its own words. `status` 0: it could not be reached. */
export class FarProblem extends Error {
  override readonly name = 'FarProblem';
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }
}

type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** The server over its own REST doors, with the session of this browser. */
export function openRemote(send: Send = sendFromHere): Remote {
  const ask = asking(send);
  const workflows = (id: string) => `/workflows/${encodeURIComponent(id)}`;
  const listened = (id: string, listening: string) => `${workflows(id)}/listenings/${encodeURIComponent(listening)}`;
  const runs = (id: string) => `/runs/${encodeURIComponent(id)}`;
  return {
    cards: () => ask('GET', '/nodes', shapes.cardsBody),
    open: async (id) => {
      const { published: version, ...rest } = await ask('GET', workflows(id), shapes.workflowBody);
      if (version === null || version === undefined) return rest;
      // What is live is only for saying what changes: without it the editor opens all the same.
      const live = await ask('GET', `${workflows(id)}/versions/${version}`, shapes.versionBody).catch(() => undefined);
      return { ...rest, published: { version, document: live?.document } };
    },
    save: (id, document, revision) => staling(ask('PUT', workflows(id), shapes.savedBody, { document, revision })),
    publish: (id, wish) => publishing(ask('POST', `${workflows(id)}/publish`, shapes.publishedBody, wish)),
    unpublish: async (id) => void (await ask('POST', `${workflows(id)}/unpublish`, anything, {})),
    listen: (id, start, revision) =>
      staling(ask('POST', `${workflows(id)}/listenings`, shapes.listeningBody, { start, revision })),
    heard: (id, listening) => ask('GET', listened(id, listening), shapes.heardBody),
    stopListening: async (id, listening) => void (await ask('DELETE', listened(id, listening), anything)),
    // What is pinned on the canvas stands for its nodes here, and for no other caller of the contract.
    start: (id, wish) =>
      staling(ask('POST', `${workflows(id)}/runs`, shapes.startedBody, { ...wish, pins: wish.draft })),
    runDocument: async ({ id }) => (await ask('GET', `${runs(id)}/document`, shapes.versionBody)).document,
    waiting: async () => (await ask('GET', '/runs?status=waiting', shapes.runListBody)).items,
    cancel: async (id) => void (await ask('POST', `${runs(id)}/cancel`, anything, {})),
    retry: (id, from) => ask('POST', `${runs(id)}/retry`, shapes.startedBody, from === undefined ? {} : { from }),
    answer: async (id, answer) => void (await ask('POST', `${runs(id)}/answer`, anything, answer)),
  };
}

const anything = { parse: (value: unknown) => value };

function asking(send: Send) {
  return async <Shape>(
    method: string,
    path: string,
    shape: { parse(value: unknown): Shape } | z.ZodType<Shape>,
    body?: unknown,
  ): Promise<Shape> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await reach(send, `/api/v1${path}`, {
      method,
      // What is being saved as the page is left still arrives; browsers let 64 kB outlive a page.
      ...(text !== undefined && text.length < 30_000 ? { keepalive: true } : {}),
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(text === undefined ? {} : { body: text }),
    });
    const said: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new FarProblem(response.status, problemOf(response.status, said));
    return shape.parse(said);
  };
}

async function reach(send: Send, path: string, init: RequestInit): Promise<Response> {
  try {
    return await send(path, init);
  } catch {
    throw new FarProblem(0, {
      code: 'away',
      message: 'The server did not answer.',
      mend: 'It may be restarting. What you did is kept in this browser and is sent when it is back.',
    });
  }
}

function problemOf(status: number, said: unknown): Problem {
  const read = shapes.refusalBody.safeParse(said);
  return read.success ? read.data.error : { code: `http-${status}`, message: `The server answered ${status}.` };
}

async function staling<Told>(call: Promise<Told>): Promise<Told | Stale> {
  try {
    return await call;
  } catch (error) {
    const stale =
      error instanceof FarProblem && error.status === 409
        ? shapes.staleDetails.safeParse(error.problem.details)
        : undefined;
    if (stale?.success) return { stale: stale.data };
    throw error;
  }
}

async function publishing(call: Promise<Published>): Promise<Publishing> {
  try {
    return await staling(call);
  } catch (error) {
    const found =
      error instanceof FarProblem && error.status === 422
        ? shapes.issuesDetails.safeParse(error.problem.details)
        : undefined;
    if (found?.success) return { issues: found.data.issues };
    throw error;
  }
}
