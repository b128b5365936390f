import { Slots } from '../engine/slots.ts';

/** Of the engine's six connections those that may be deciding about events; the journal needs the rest. */
const connectionsMost = 3;

/**
 * Who decides about events of a workflow, one at a time in this process: what waits for the lock of a workflow in the database would wait with a
 * connection in its hand, and a flood on one workflow would hold all of them. Of the connections there is one for whichever workspace comes next.
 */
export class WorkflowTurns {
  private readonly last = new Map<string, Promise<void>>();
  private readonly connections = new Slots(connectionsMost);

  /** Does the work when it is the workflow's turn and a connection is free. */
  async take<T>(workspace: string, workflow: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(workflow);
    const { promise: mine, resolve: done } = Promise.withResolvers<void>();
    this.last.set(workflow, mine);
    await before;
    try {
      return await this.connections.during({ workspace, lane: 'interactive' }, work);
    } finally {
      if (this.last.get(workflow) === mine) this.last.delete(workflow);
      done();
    }
  }
}
