import { createHash } from 'node:crypto';
import type { Power } from '../../flow/document/card.ts';
import { Fault } from '../../flow/run/faults.ts';
import { nearest, seenOf } from '../../flow/run/items.ts';
import { seededRandom } from '../../flow/run/keys.ts';
import { turnOf } from '../../flow/run/path.ts';
import type { CodePower, FilePower, LogPower, StatePower } from '../../nodes/kit/powers.ts';
import type { Lend, PowerRequest } from '../runs/carriage.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { GrantedRun } from './grants.ts';
import { httpPower } from './lend-http.ts';
import type { HttpLenders } from './lend-http.ts';
import { patiently } from './patient.ts';

/** The run for which powers are lent. */
export interface Borrower extends GrantedRun {
  readonly run: string;
}

/** The powers of this installation; each is asked for a run, and then for a node and item. */
export interface Lenders extends HttpLenders {
  readonly sandbox: Sandbox;
  readonly state: (borrower: Borrower, request: PowerRequest) => StatePower;
  readonly file: (borrower: Borrower) => FilePower;
}

/** Lends powers to the nodes of one run. A power that this build does not have is a fault, never a silent nothing. */
export function lender(lenders: Lenders): (borrower: Borrower) => Lend {
  return (borrower) => {
    const leave = async (power: Power, { node, signal }: PowerRequest) =>
      (await patiently(() => lenders.grantsOf(borrower), signal)).power(node.key, power);
    const lend = (name: Power, request: PowerRequest): unknown => {
      switch (name) {
        case 'http':
          return httpPower(lenders, borrower, request);
        case 'code':
          return codePower(lenders, borrower, request);
        case 'log':
          return logPower(request);
        case 'hash':
          return { sha256: (text: string) => createHash('sha256').update(text).digest('hex') };
        case 'random':
          return { next: seededRandom(request.seed) };
        case 'state':
          return grantedState(lenders.state(borrower, request), () => leave('state', request));
        case 'file':
          return grantedFile(lenders.file(borrower), () => leave('file', request));
        default:
          throw new Fault('node.failed', `This build cannot lend the power ${name}.`);
      }
    };
    return lend as Lend;
  };
}

type Leave = () => Promise<void>;

const grantedState = (state: StatePower, leave: Leave): StatePower => ({
  get: (key) => leave().then(() => state.get(key)),
  set: (key, value) => leave().then(() => state.set(key, value)),
  increment: (key, by) => leave().then(() => state.increment(key, by)),
  remove: (key) => leave().then(() => state.remove(key)),
});

const grantedFile = (file: FilePower, leave: Leave): FilePower => ({
  read: (ref) => leave().then(() => file.read(ref)),
  write: (wanted) => leave().then(() => file.write(wanted)),
});

const logPower = (request: PowerRequest): LogPower => ({
  debug: (text, data) => request.log('debug', text, data),
  info: (text, data) => request.log('info', text, data),
  warn: (text, data) => request.log('warn', text, data),
  error: (text, data) => request.log('error', text, data),
});

/** The names of other nodes that code reads, as they are written: `$('key')`. */
const named = /\$\(\s*['"`]([a-z][a-z0-9_]*)['"`]\s*\)/g;

function codePower({ sandbox }: Lenders, { workspace, state, run }: Borrower, request: PowerRequest): CodePower {
  return {
    run: async ({ source, mode, items, timeoutMs = 10_000, memoryMb = 128 }) => {
      const keys = new Set([...source.matchAll(named)].map((match) => match[1] as string));
      const nodes = Object.fromEntries([...keys].map((key) => [key, itemsOf(request, key)]));
      const { started } = state();
      const link = request.resumeUrl === undefined ? {} : { resumeUrl: request.resumeUrl };
      const scope = {
        now: request.now,
        seed: request.seed,
        nodes,
        workflow: { id: started?.workflow.id ?? '', name: started?.workflow.name ?? '' },
        run: { id: run, mode: started?.mode ?? 'live', ...link },
        step: { key: request.node.key, path: request.path, ...link },
        turn: turnOf(request.path),
        vars: started?.vars ?? {},
      };
      const result = await sandbox.runCode(
        { workspace, source, mode, items, scope, timeoutMs, memoryMb },
        request.signal,
      );
      for (const line of result.logs) request.log(line.level, line.text);
      if (result.ok) return result.output;
      const { code, message, ...where } = result.fault;
      throw new Fault(code, message, { details: where });
    },
  };
}

function itemsOf({ view, path }: PowerRequest, key: string): readonly unknown[] {
  const record = nearest(view, key, path);
  return record ? seenOf(view, record) : [];
}
