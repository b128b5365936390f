import { createHash } from 'node:crypto';
import type { Power } from '../../flow/document/card.ts';
import { Fault } from '../../flow/run/faults.ts';
import { nearest, seenOf } from '../../flow/run/items.ts';
import { seededRandom } from '../../flow/run/keys.ts';
import { turnOf } from '../../flow/run/path.ts';
import type { RunState } from '../../flow/run/state.ts';
import type { CodePower, FilePower, HttpPower, HttpReply, LogPower, StatePower } from '../../nodes/kit/powers.ts';
import type { Lend, PowerRequest } from '../runs/carriage.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { HttpClient, IncomingReply } from './http-client.ts';

/** The run for which powers are lent. */
export interface Borrower {
  readonly workspace: string;
  readonly run: string;
  readonly state: () => RunState;
}

/** The powers of this installation; each is asked for a run, and then for a node and item. */
export interface Lenders {
  readonly http: HttpClient;
  readonly sandbox: Sandbox;
  readonly state: (borrower: Borrower, request: PowerRequest) => StatePower;
  readonly file: (borrower: Borrower) => FilePower;
  /** Further `host:port` pairs that a workspace may call. */
  readonly allowed: (workspace: string) => readonly string[];
}

const defaultTimeoutMs = 30_000;

/** Lends powers to the nodes of one run. A power that this build does not have is a fault, never a silent nothing. */
export function lender(lenders: Lenders): (borrower: Borrower) => Lend {
  return (borrower) => {
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
          return lenders.state(borrower, request);
        case 'file':
          return lenders.file(borrower);
        default:
          throw new Fault('node.failed', `This build cannot lend the power ${name}.`);
      }
    };
    return lend as Lend;
  };
}

const logPower = (request: PowerRequest): LogPower => ({
  debug: (text, data) => request.log('debug', text, data),
  info: (text, data) => request.log('info', text, data),
  warn: (text, data) => request.log('warn', text, data),
  error: (text, data) => request.log('error', text, data),
});

function httpPower({ http, allowed }: Lenders, { workspace }: Borrower, request: PowerRequest): HttpPower {
  return {
    send: async (asked) => {
      const { timeoutMs = defaultTimeoutMs, credential: _credential, ...outgoing } = asked;
      const reply = await http.send({
        ...outgoing,
        timeoutMs,
        signal: request.signal,
        beforeFirstByte: request.lastLook,
        workspaceAllow: allowed(workspace),
      });
      return replyOf(reply);
    },
  };
}

function replyOf(reply: IncomingReply): HttpReply {
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return {
    status: reply.status,
    headers,
    url: reply.url,
    bytes: reply.body,
    text: () => new TextDecoder().decode(reply.body),
  };
}

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
