import { Worker } from 'node:worker_threads';
import { Budget } from '../../flow/facts/budget.ts';
import type { Used } from '../../flow/facts/budget.ts';
import type { LogLine } from '../../flow/facts/fact.ts';
import { computations } from '../../nodes/computations.ts';
import type { AnyNode } from '../../nodes/kit/define-node.ts';
import { Failed, faultRecordOf } from '../../nodes/kit/fault-record.ts';
import { openCatalogue } from '../catalogue/catalogue.ts';
import { frame } from '../cells/frames.ts';
import { dropRights, hear } from '../cells/inside.ts';
import { processorMs } from '../processor-time.ts';
import { carryJob } from './carry-job.ts';
import { carryCompare, carryJudge, carryRead } from './document-jobs.ts';
import { fillParams } from './fill-params.ts';
import type { ChildHead, Ended, How, Job, NamedJob, ToChild } from './protocol.ts';
import { ValueTable } from './values.ts';

// The process that carries out what is too long for the server's own: `node … child.ts UID`. It is given no secrets, no environment, no network and no
// files to write, does one job at a time, and dies with its pipe or its parent.

/** Values go back in lists of so many characters: the server parses each in a moment. */
const listSize = 64 * 1024;

const { findPinned } = openCatalogue();
const [uid = ''] = process.argv.slice(2);
dropRights(uid);

hear(onFrame);
watchParent();
send({ kind: 'ready', uid: process.getuid?.() ?? -1 });

let pieces: string[] = [];

/** A job that computes hears nothing of its pipe: a thread beside it notices that the server is gone. */
function watchParent(): void {
  const source = `const parent = process.ppid; setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 500);`;
  new Worker(source, { eval: true, stdin: false }).unref();
}

function send(head: ChildHead, body = ''): void {
  process.stdout.write(frame(head, body));
}

function onFrame(text: string, body: string): void {
  const head: ToChild = JSON.parse(text);
  if (head.kind === 'piece') return void pieces.push(body);
  const whole = pieces.join('');
  pieces = [];
  void carry(head.nonce, whole);
}

async function carry(nonce: string, text: string): Promise<void> {
  const logs: LogLine[] = [];
  const began = processorMs();
  let budget: Budget | undefined;
  let how: How;
  let own: Partial<Used> = {};
  try {
    const job: Job = JSON.parse(text);
    if (job.what === 'named') how = computed(job, nonce);
    else if (job.what === 'read') how = { ok: true, read: carryRead(job) };
    else if (job.what === 'judge') how = { ok: true, judged: await carryJudge(job) };
    else if (job.what === 'compare') how = { ok: true, compared: carryCompare(job) };
    else {
      budget = new Budget(job.limits, processorMs);
      if (job.what === 'node') how = await carried(job, nonce, logs, budget);
      else ({ how, used: own } = filled(job, nonce, budget));
    }
  } catch (error) {
    how = { ok: false, fault: error instanceof Failed ? error.record : faultRecordOf(error, { node: '' }), logs };
  }
  // Of the time all counts, what a budget did not look at as well.
  const used = { bytes: 0, items: 0, ...budget?.used(), ms: processorMs() - began, ...own };
  send({ kind: 'done', nonce }, JSON.stringify({ ...how, used } satisfies Ended));
}

async function carried(job: Job & { what: 'node' }, nonce: string, logs: LogLine[], budget: Budget): Promise<How> {
  const { outcome, made } = await carryJob(job, definitionOf, logs, budget);
  sendValues(nonce, made);
  return { ok: true, outcome, logs };
}

/** Of what was begun and left because the budget was over, the time does not count: it is done again. */
function filled(job: Job & { what: 'params' }, nonce: string, budget: Budget): { how: How; used: Partial<Used> } {
  const { made, used, ...rest } = fillParams(job, definitionOf, budget);
  sendValues(nonce, made);
  const { bytes, items } = used;
  return { how: { ok: true, ...rest }, used: budget.over ? used : { bytes, items } };
}

function computed({ name, given }: NamedJob, nonce: string): How {
  const computation = computations.find((one) => one.name === name);
  if (!computation) throw new Error(`there is no computation ${name}`);
  // Whoever asks by its name gives what it is for.
  const { items, ...rest } = computation.work(given as never);
  const table = new ValueTable();
  const places = table.put(items);
  sendValues(nonce, table.added);
  return { ok: true, items: places, rest };
}

/** Nodes of this build; what workspaces have made stays in the server. */
function definitionOf(type: string, version: number): AnyNode | undefined {
  const found = findPinned('', { type, version });
  return found instanceof Promise ? undefined : found?.definition;
}

/** Values as JSON lists of some 64 kB, a larger one by itself. */
function sendValues(nonce: string, values: readonly unknown[]): void {
  let list: string[] = [];
  let size = 0;
  const flush = () => {
    if (list.length > 0) send({ kind: 'values', nonce }, `[${list.join(',')}]`);
    [list, size] = [[], 0];
  };
  for (const value of values) {
    const text = JSON.stringify(value) ?? 'null';
    if (size + text.length > listSize) flush();
    list.push(text);
    size += text.length;
  }
  flush();
}
