/**
 * What a power throws when its call must wait (a timer, a person, another run): the attempt ends and nothing is held.
 * Performing a node lets it through untouched, whatever the node's onError says; only the engine catches it.
 */
export class Suspended extends Error {
  readonly waiting: unknown;

  constructor(waiting: unknown) {
    super('This call waits; the attempt ends here.');
    this.name = 'Suspended';
    this.waiting = waiting;
  }
}
