import { jsonWeight } from '../../flow/values/json-weight.ts';

/**
 * What is worked out ahead of the starts of children and is not stored yet, by workspace. One works at a time, and none while there is that much
 * already: what fifty starts bring may be fifty times as large as a run may be, and all of it would be in memory before the first of it is stored.
 */
export class AheadRooms {
  private readonly most: number;
  private readonly rooms = new Map<string, AheadRoom>();

  /** Of JSON, in bytes, for each workspace. */
  constructor(most: number) {
    this.most = most;
  }

  /** Workspaces that have something here, or wait. */
  get size(): number {
    return this.rooms.size;
  }

  /** Makes something when there is room, and stores it. */
  async through<Made>(
    workspace: string,
    make: () => Promise<Made>,
    store: (made: Made) => Promise<void>,
  ): Promise<void> {
    const room = this.rooms.get(workspace) ?? new AheadRoom(this.most);
    this.rooms.set(workspace, room);
    try {
      await room.through(make, store);
    } finally {
      if (room.inside === 0) this.rooms.delete(workspace);
    }
  }
}

class AheadRoom {
  inside = 0;
  private readonly most: number;
  private held = 0;
  private last: Promise<void> = Promise.resolve();
  private readonly waiting: (() => void)[] = [];

  constructor(most: number) {
    this.most = most;
  }

  async through<Made>(make: () => Promise<Made>, store: (made: Made) => Promise<void>): Promise<void> {
    this.inside++;
    let bytes = 0;
    const weigh = (made: Made) => {
      bytes = jsonWeight(made, this.most);
      this.held += bytes;
    };
    try {
      const making = this.last.then(() => this.whenRoomy()).then(make);
      this.last = making.then(weigh, () => {});
      await store(await making);
    } finally {
      this.inside--;
      this.held -= bytes;
      for (const goOn of this.waiting.splice(0)) goOn();
    }
  }

  private async whenRoomy(): Promise<void> {
    while (this.held >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}
