import type { Workflow } from '../../flow/document/workflow.ts';
import { splitEnd } from '../../flow/document/ports.ts';
import type { PortItems, RunStep as Step } from '../api/run.ts';
import { edgeId } from '../canvas/piece.ts';
import { count, took } from './figures.ts';
import { countOf } from './port-items.ts';

/** The states that the look knows, each with a shape of its own. */
export type Mark = 'running' | 'ok' | 'failed' | 'waiting' | 'doubt' | 'skipped' | 'queued';

/** What a run says of one node: its mark, and the line under its card. */
export interface NodeState {
  readonly mark: Mark;
  readonly foot: string;
  readonly attempts: number;
}

/** What a run says of one edge. */
export interface EdgeState {
  readonly count: number;
  readonly isLive: boolean;
  readonly isFailed: boolean;
  readonly isSkipped: boolean;
}

/** A run drawn over a graph. */
export interface RunPicture {
  readonly nodes: ReadonlyMap<string, NodeState>;
  readonly edges: ReadonlyMap<string, EdgeState>;
}

const marks: Readonly<Record<Step['status'], Mark>> = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting',
  finished: 'ok',
  failed: 'failed',
  cancelled: 'skipped',
  skipped: 'skipped',
  'in-doubt': 'doubt',
};

/** Lays the steps of a run over a document: the last attempt of each node speaks for it; items of all turns add up. */
export function pictureOf(document: Workflow, steps: readonly Step[]): RunPicture {
  const byKey = Map.groupBy(steps, ({ key }) => key);
  const nodes = new Map([...byKey].map(([key, list]) => [key, stateOf(list)]));
  const edges = new Map<string, EdgeState>();
  for (const edge of document.edges) {
    const { key, port } = splitEnd(edge.from);
    const list = byKey.get(key);
    if (!list) continue;
    const carried = list.reduce((sum, step) => sum + countOf(itemsOn(step, port)), 0);
    const after = nodes.get(splitEnd(edge.to).key)?.mark;
    edges.set(edgeId(edge), {
      count: carried,
      isLive: after === 'running' && carried > 0,
      isFailed: after === 'failed' && carried > 0,
      isSkipped: carried === 0 && nodes.get(key)?.mark !== 'running',
    });
  }
  return { nodes, edges };
}

/** The items that a step gave on a port; without a name its first. */
export const itemsOn = ({ output }: Step, port: string | undefined): PortItems =>
  (port === undefined ? Object.values(output)[0] : output[port]) ?? [];

/** The items that a step took in on its first port. */
export const itemsIn = ({ input }: Step): PortItems => Object.values(input)[0] ?? [];

function stateOf(steps: readonly Step[]): NodeState {
  const last = steps.at(-1)!;
  // A loop's body has a step a turn: one that still works, or that failed, matters more than the last that went well.
  const speaking =
    steps.findLast(
      ({ status }) => ['running', 'in-doubt', 'failed', 'waiting'].includes(status) && isLatest(steps, status),
    ) ?? last;
  const attempts = Math.max(...steps.map(({ attempt }) => attempt));
  return { mark: marks[speaking.status], foot: footOf(speaking, steps), attempts };
}

/** A failure that a later attempt at the same path mended is history. */
function isLatest(steps: readonly Step[], status: Step['status']): boolean {
  const step = steps.findLast((one) => one.status === status)!;
  return steps.findLast(({ path }) => path === step.path) === step;
}

function footOf(step: Step, steps: readonly Step[]): string {
  if (step.error && step.status !== 'finished') return step.error.message;
  if (step.status === 'skipped') return 'No items came in';
  if (step.status === 'cancelled') return 'Cancelled';
  if (step.status === 'in-doubt') return 'May have happened';
  if (step.status === 'queued') return '';
  if (step.status === 'waiting') return 'Waits';
  if (step.status === 'running') return `${count(countOf(itemsIn(step)))} items`;
  const ports = Object.entries(step.output);
  const sum = (port: string) => steps.reduce((total, one) => total + countOf(one.output[port]), 0);
  const words =
    ports.length > 1
      ? ports.map(([port]) => `${count(sum(port))} ${port}`).join(' · ')
      : `${count(sum(ports[0]?.[0] ?? ''))} ${sum(ports[0]?.[0] ?? '') === 1 ? 'item' : 'items'}`;
  const time = took(step.startedAt, step.finishedAt);
  return ports.length > 1 || time === '' ? words : `${words} · ${time}`;
}
