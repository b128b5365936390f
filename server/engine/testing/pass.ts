import { Pass } from '../pass.ts';
import { Shares } from '../shares.ts';
import { Slots } from '../slots.ts';

/** A pass in a room of its own, with the slot that it begins with. */
export function passForTests(): Pass {
  const room = { slots: new Slots(1), tickets: new Shares(1) };
  const who = { workspace: 'ws_1', lane: 'interactive' as const };
  room.slots.take(who);
  return new Pass(room, who, 0, () => {});
}
