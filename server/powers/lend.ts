import type { Power } from '../../flow/document/powers.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { FilePower, Powers, StatePower } from '../../nodes/kit/powers.ts';
import type { Lend, PowerRequest } from '../engine/carriage.ts';
import { Slots } from '../engine/slots.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { ambientPowers } from './ambient.ts';
import type { GrantedRun } from './grants.ts';
import type { Downloads } from './download.ts';
import type { BlobStore } from '../journal/blobs.ts';
import { codePower } from './lend-code.ts';
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
  /** What it asks the database for it does in its turn; what is done with the bytes of a file holds no turn. */
  readonly file: (borrower: Borrower, log: PowerRequest['log'], inTurn: Guard) => FilePower;
  /** Writes down an answer that becomes a file, and keeps it for a run of a workspace. */
  readonly spool: Downloads['spool'];
  readonly keep: BlobStore['writeSpooled'];
}

/**
 * Of the engine's six connections to the database those that nodes may keep busy at a time, fairly by workspace: a thousand stages that add to one
 * counter wait for each other, and not with every connection in hand, which the journal needs.
 */
const connectionsMost = 4;

/** Lends powers to the nodes of one run. A power that this build does not have is a fault, never a silent nothing. */
export function lender(lenders: Lenders): (borrower: Borrower) => Lend {
  const connections = new Slots(connectionsMost);
  return (borrower) => {
    const leave = async (power: Power, { node, signal }: PowerRequest) =>
      (await patiently(() => lenders.grantsOf(borrower), signal)).power(node.key, power);
    /** Granted, and when one of the connections for it is free. */
    const inTurn =
      (power: 'state' | 'file', request: PowerRequest): Guard =>
      async (work) => {
        await leave(power, request);
        const { workspace, state } = borrower;
        const who = { workspace, lane: state().started?.lane ?? 'background' };
        return connections.during(who, work);
      };
    const downloadsFor = ({ workspace, run }: Borrower, request: PowerRequest): Downloads => ({
      spool: lenders.spool,
      keep: (spooled) =>
        patiently(() => inTurn('file', request)(() => lenders.keep(workspace, run, spooled)), request.signal),
    });
    const table: Lending = {
      http: (request) => httpPower(lenders, borrower, request, downloadsFor(borrower, request)),
      code: (request) => codePower(lenders.sandbox, borrower, request),
      ...ambientPowers,
      state: (request) => guardedState(lenders.state(borrower, request), inTurn('state', request)),
      file: (request) => lenders.file(borrower, request.log, inTurn('file', request)),
      timer: byTheEngine,
      review: byTheEngine,
      workflow: byTheEngine,
      sql: notBuilt('sql'),
      ai: notBuilt('ai'),
      channel: notBuilt('channel'),
      entity: notBuilt('entity'),
      event: notBuilt('event'),
    };
    return (name, request) => table[name](request);
  };
}

/** How each power is lent. */
type Lending = { readonly [Name in Power]: (request: PowerRequest) => Powers[Name] };

/** The engine puts its own in place of these before a node can ask. */
const byTheEngine = (): never => {
  throw new Fault('node.failed', 'The engine keeps this power to itself.');
};

const notBuilt = (name: Power) => (): never => {
  throw new Fault('node.failed', `This build cannot lend the power ${name}.`);
};

/** Does something when it is granted and its turn. */
export type Guard = <Value>(work: () => Promise<Value>) => Promise<Value>;

const guardedState = (state: StatePower, guard: Guard): StatePower => ({
  get: (key) => guard(() => state.get(key)),
  set: (key, value) => guard(() => state.set(key, value)),
  increment: (key, by) => guard(() => state.increment(key, by)),
  remove: (key) => guard(() => state.remove(key)),
});
