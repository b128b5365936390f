import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from '../../server/work/testing/target.ts';
import type { Api, Row } from './api.ts';
import type { Taken } from './client.ts';
import { line } from './line.ts';
import { Patience } from './until.ts';

/** What became of everything that was accepted. */
export interface Stock {
  readonly accepted: number;
  /** Accepted, and there is no such run. */
  readonly lost: number;
  /** Runs beyond one a call, and effects that reached the far side more than once. */
  readonly doubled: number;
  /** Neither over nor asking when the patience was gone. */
  readonly stuck: number;
  readonly failed: number;
  /** Why the first of those that failed did. */
  readonly why: string;
  /** Effects whose outcome nobody could know, which asked and were answered. */
  readonly inDoubt: number;
  /** Finished without its effect having reached the far side. */
  readonly skipped: number;
  /** Milliseconds until all were over. */
  readonly settledMs: number;
}

const over = new Set(['finished', 'failed', 'cancelled']);
/** Whether a run of that status has ended. */
export const isOver = (status: string): boolean => over.has(status);

/** A path of the target: `/post/RUN/N`. */
const partsOf = (path: string) => {
  const [, kind = '', run = '', n = ''] = path.split('/');
  return { kind, run, n };
};

/**
 * Waits until every run of the workflow is over, answering doubts as somebody would who can look at the far side, and compares what was
 * accepted with the list of runs and with the far side's own log. It gives up when for that long no run more was over and no doubt answered:
 * the list and an answer are slow themselves where the database is far, so only what goes on says whether anything is stuck.
 */
export async function takeStock(
  { api, workflow, taken, target }: { api: Api; workflow: string; taken: readonly Taken[]; target: Target },
  stillMs: number,
): Promise<Stock> {
  const began = Date.now();
  const doubts = new Set<string>();
  let rows: Row[] = [];
  let [open, done] = [1, 0];
  for (const patience = new Patience(stillMs); open > 0 && patience.lasts(done);) {
    rows = await api.runsOf(workflow).catch(() => rows);
    const answered = await Promise.all(rows.map((row) => answerDoubt(api, row, target)));
    for (const [n, row] of rows.entries()) if (answered[n]) doubts.add(row.id);
    open = taken.length === 0 ? 0 : rows.filter(({ status }) => !isOver(status)).length + missing(rows, taken).length;
    done = rows.length - open + doubts.size;
    if (open > 0) await pause(500);
  }
  const posts = target.hits.map(({ path }) => partsOf(path)).filter(({ kind }) => kind === 'post');
  const perCall = Map.groupBy(posts, ({ n }) => n);
  const runsOfCalls = new Set(taken.map(({ run }) => run));
  const failed = rows.filter(({ status }) => status === 'failed' || status === 'cancelled');
  return {
    accepted: taken.length,
    lost: missing(rows, taken).length,
    doubled:
      rows.filter(({ id }) => !runsOfCalls.has(id)).length +
      taken.length -
      runsOfCalls.size +
      [...perCall.values()].filter((hits) => hits.length > 1).length,
    stuck: rows.filter(({ status }) => !isOver(status)).length,
    failed: failed.length,
    why: failed[0] ? await whyOf(api, failed[0].id) : '',
    inDoubt: doubts.size,
    skipped: taken.filter(({ n }) => !perCall.has(String(n))).length,
    settledMs: Date.now() - began,
  };
}

const missing = (rows: readonly Row[], taken: readonly Taken[]) => {
  const there = new Set(rows.map(({ id }) => id));
  return taken.filter(({ run }) => !there.has(run));
};

async function whyOf(api: Api, run: string): Promise<string> {
  const { body } = await api.call('GET', `/api/v1/runs/${run}/events`);
  return JSON.stringify(body).slice(-1_500);
}

async function answerDoubt(api: Api, row: Row, target: Target): Promise<boolean> {
  const doubt = row.needs.find(({ kind }) => kind === 'in-doubt');
  if (!doubt?.node) return false;
  const wasSent = target.hits.some(({ path }) => path.startsWith(`/post/${row.id}/`));
  await api.call('POST', `/api/v1/runs/${row.id}/answer`, { step: doubt.node, answer: wasSent ? 'sent' : 'again' });
  return true;
}

/** The workflow of every drill: pure, then a call that may be repeated, then one that may not, then a wait that no process holds. */
export const orders = (port: number) => {
  const call = (method: string, kind: string) => ({
    type: 'connect.http-request',
    params: { method, url: `http://127.0.0.1:${port}/${kind}/{{ $run.id }}/{{ $('hook').item.body.n }}`, json: {} },
  });
  return line('Orders', {
    hook: { type: 'start.webhook', params: { path: 'orders', reply: 'now' } },
    price: { type: 'data.set', params: { json: { n: '{{ $json.body.n }}' } } },
    put: call('PUT', 'put'),
    post: call('POST', 'post'),
    rest: { type: 'control.wait', params: { for: '1200ms' } },
    last: { type: 'data.set', params: { json: { n: "{{ $('hook').item.body.n }}" } } },
  });
};
