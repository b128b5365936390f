import { Turns } from '../turns.ts';

/** Counts how often work asks whether its turn is over, as if it always were. */
export class CountedTurns extends Turns {
  times = 0;
  override isUp(): boolean {
    this.times++;
    return true;
  }
}
