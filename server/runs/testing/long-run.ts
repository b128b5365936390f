import { compile } from '../../../flow/compile/compile.ts';
import { currentEngine } from '../../../flow/compile/plan.ts';
import type { Catalogue } from '../../../flow/document/card.ts';
import { workflow } from '../../../flow/document/workflow.ts';
import type { NodeRecord, Fact } from '../../../flow/facts/fact.ts';
import { cardOf } from '../../../nodes/kit/card.ts';
import { allNodes } from '../../../nodes/all.ts';
import type { Database } from '../../db/connect.ts';
import { openTestStore } from '../../engine/testing/store.ts';

const document = workflow.parse({
  heddle: 1,
  name: 'A long loop',
  nodes: [
    { key: 'begin', type: 'start.manual', at: [0, 0] },
    { key: 'each', type: 'control.loop', at: [240, 0], params: { max: 100_000 } },
    {
      key: 'post',
      type: 'connect.http-request',
      at: [480, 96],
      params: { method: 'POST', url: 'https://example.com' },
    },
    { key: 'end', type: 'control.no-op', at: [480, -96] },
  ],
  edges: [
    { from: 'begin', to: 'each.in' },
    { from: 'each.each', to: 'post' },
    { from: 'post', to: 'each.next' },
    { from: 'each', to: 'end' },
  ],
});

const cards = new Map<string, ReturnType<typeof cardOf>>(allNodes.map((node) => [node.type, cardOf(node)]));
const catalogue: Catalogue = (type) => cards.get(type);

/**
 * Writes a run of so many turns into a journal as the engine would have: a call a turn, so four facts each, two of them with a reply of about
 * 400 bytes. Gives its id, its facts and its plan.
 */
export async function writeLongRun(database: Database, workspace: string, turns: number) {
  const compiled = compile(document, catalogue);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.issues));
  const { plan } = compiled;
  const run = `run_long${turns}`;
  const facts = [...factsOf(plan.nodes, plan.fingerprint, turns)];
  await using store = openTestStore(database);
  const row = { status: 'running', needs: [], awaitsRuns: false, error: null, finishedAt: null } as const;
  const about = { workspace, run, stages: [] };
  await store.flusher.append({
    ...about,
    expect: 0,
    facts: facts.slice(0, 1),
    row,
    start: { plan: { fingerprint: plan.fingerprint, plan, document } },
  });
  for (let from = 1; from < facts.length; from += 4_000) {
    const next = facts.slice(from, from + 4_000);
    const isLast = from + next.length === facts.length;
    const stand = isLast ? ({ ...row, status: 'finished', finishedAt: next.at(-1)!.at } as const) : row;
    await store.flusher.append({ ...about, expect: from, facts: next, row: stand });
  }
  return { run, plan, count: facts.length };
}

function* factsOf(
  nodes: Readonly<Record<string, { readonly stage: string }>>,
  plan: string,
  turns: number,
): Generator<Fact> {
  const at = 1_790_000_000_000;
  const stage = (key: string) => nodes[key]!.stage;
  const record = (key: string, path: string, out: NodeRecord['out']): NodeRecord => ({
    key,
    path,
    status: 'finished',
    out,
    attempt: 1,
    ms: 1,
  });
  const item = { n: 1 };
  yield {
    type: 'run.started',
    at,
    data: {
      workflow: { id: 'wf_long', name: 'A long loop', version: null },
      plan,
      engine: currentEngine,
      start: 'begin',
      input: { items: Array.from({ length: turns }, () => item) },
      lane: 'interactive',
      trigger: { kind: 'manual' },
      mode: 'manual',
      root: 'run_long',
      seed: 'seed',
    },
  };
  const items = Array.from({ length: turns }, () => item);
  yield {
    type: 'stage.finished',
    at: at + 1,
    data: { stage: stage('begin'), path: '', nodes: [record('begin', '', { out: { items } })] },
  };
  const reply = { status: 'ok', words: 'a reply of a service that says somewhat more than one would like '.repeat(6) };
  for (let turn = 0; turn < turns; turn++) {
    const path = `/each:${turn}`;
    const when = at + 2 + turn * 4;
    const head = { stage: stage('each'), path, nodes: [record('each', path, { each: { items: [item] } })] };
    yield { type: 'stage.finished', at: when, data: head };
    const place = { stage: stage('post'), path, node: 'post' };
    yield { type: 'step.intended', at: when + 1, data: { ...place, attempt: 1, items: [0] } };
    const out = { reply: [{ ...reply, turn }] };
    yield { type: 'step.answered', at: when + 2, data: { ...place, item: 0, attempt: 1, out } };
    const body = [{ ...record('post', path, {}), byItem: true }];
    yield { type: 'stage.finished', at: when + 3, data: { stage: stage('post'), path, nodes: body } };
  }
  const end = at + 2 + turns * 4;
  const done = { items: Array.from({ length: turns }, (_, turn) => ({ ...reply, turn })) };
  const last = record('each', '', { done });
  yield { type: 'stage.finished', at: end, data: { stage: stage('each'), path: `/each:${turns}`, nodes: [last] } };
  const after = [record('end', '', { out: { pick: 'all', of: 'in' } })];
  yield { type: 'stage.finished', at: end + 1, data: { stage: stage('end'), path: '', nodes: after } };
  yield { type: 'run.finished', at: end + 2, data: { output: done.items } };
}
