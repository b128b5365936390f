/** What the pool needs to know of a cell. */
export interface Lendable {
  /** True once it may not be used again. */
  readonly isSpent: boolean;
  /** Resolves when its process is gone. */
  readonly closed: Promise<void>;
  kill(): void;
}

/** How many cells, and where they come from. */
export interface PoolOptions<Cell extends Lendable> {
  /** What is lent from, for messages: `The sandbox`. */
  name: string;
  open: () => Cell;
  /** Cells of workspaces that may live at a time; spares come on top. */
  most: number;
  /** Of these, how many one workspace may keep busy: its endless loops leave room for others. Asked each time: it may change by what the workspace does. */
  mostOf: (workspace: string) => number;
  /** Cells started ahead, which belong to nobody yet; none while nobody needs another than the one that is there. */
  spares: number;
  /** Whether a workspace may have one of those; all when left out. Who may not waits for the start of its own. */
  maySpare?: (workspace: string) => boolean;
  /** Jobs after which a cell is retired. */
  jobsPerCell: number;
  /** How long a cell waits for another job of its workspace. */
  idleMs: number;
  /** Whether one cell may work for several workspaces: where no code of theirs runs in it. */
  isShared?: boolean;
}

interface Tenancy<Cell> {
  workspace: string;
  cell: Cell;
  isBusy: boolean;
  jobs: number;
  idle: NodeJS.Timeout | undefined;
}

interface Applicant<Cell> {
  workspace: string;
  admit(tenancy: Tenancy<Cell>): void;
  refuse(reason: unknown): void;
}

/** A cell so near to its last job is about to be replaced: starting another takes as long as a few jobs. */
const soonJobs = 10;

/** Lends cells to workspaces, one job at a time; a cell that has worked for one workspace never works for another, unless they are shared. */
export class Pool<Cell extends Lendable> {
  readonly #options: PoolOptions<Cell>;
  readonly #tenancies = new Set<Tenancy<Cell>>();
  readonly #spares: Cell[] = [];
  readonly #dying = new Set<Promise<void>>();
  readonly #queue: Applicant<Cell>[] = [];
  #isClosed = false;

  constructor(options: PoolOptions<Cell>) {
    this.#options = options;
  }

  /** Waits for a cell and carries out `use` on it; rejects when aborted or closed before there was one. */
  async lend<T>(workspace: string, signal: AbortSignal | undefined, use: (cell: Cell) => Promise<T>): Promise<T> {
    const tenancy = await this.#enter(workspace, signal);
    try {
      return await use(tenancy.cell);
    } finally {
      this.#vacate(tenancy);
    }
  }

  /** Somebody may have more than a moment ago. */
  admit(): void {
    if (!this.#isClosed) this.#admitNext();
  }

  /** Kills every cell and rejects what waits; resolves when the processes are gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const applicant of this.#queue.splice(0)) applicant.refuse(new Error(`${this.#options.name} is closed`));
    for (const tenancy of this.#tenancies) this.#end(tenancy);
    for (const cell of this.#spares.splice(0)) this.#bury(cell);
    await Promise.all(this.#dying);
  }

  async #enter(workspace: string, signal: AbortSignal | undefined): Promise<Tenancy<Cell>> {
    signal?.throwIfAborted();
    if (this.#isClosed) throw new Error(`${this.#options.name} is closed`);
    const tenancy = this.#place(workspace);
    if (tenancy) return occupy(tenancy);
    const { promise, resolve, reject } = Promise.withResolvers<Tenancy<Cell>>();
    const applicant: Applicant<Cell> = { workspace, admit: resolve, refuse: reject };
    this.#queue.push(applicant);
    const leave = (): void => {
      const at = this.#queue.indexOf(applicant);
      if (at >= 0) this.#queue.splice(at, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  /** A cell for the workspace now: its own, else a new one, in the place of another's idle one if need be. */
  #place(workspace: string): Tenancy<Cell> | undefined {
    if (!this.#mayHave(workspace)) return undefined;
    for (const tenancy of this.#tenancies) if (!tenancy.isBusy && tenancy.cell.isSpent) this.#end(tenancy);
    const idle = [...this.#tenancies].filter((tenancy) => !tenancy.isBusy);
    const own = idle.find((tenancy) => this.#options.isShared || tenancy.workspace === workspace);
    if (own) {
      own.workspace = workspace;
      return own;
    }
    if (this.#tenancies.size >= this.#options.most) {
      if (!idle[0]) return undefined;
      this.#end(idle[0]);
    }
    const tenancy = { workspace, cell: this.#fresh(workspace), isBusy: false, jobs: 0, idle: undefined };
    this.#tenancies.add(tenancy);
    return tenancy;
  }

  /** The last cell is for a workspace that has none at work: two that fill their shares keep no third waiting. */
  #mayHave(workspace: string): boolean {
    const { most, mostOf } = this.#options;
    const own = this.#busy(workspace);
    if (own >= mostOf(workspace)) return false;
    return own === 0 || most < 3 || this.#atWork() < most - 1;
  }

  #atWork(): number {
    return [...this.#tenancies].filter((tenancy) => tenancy.isBusy).length;
  }

  #busy(workspace: string): number {
    return [...this.#tenancies].filter((tenancy) => tenancy.isBusy && tenancy.workspace === workspace).length;
  }

  #fresh(workspace: string): Cell {
    const { open, maySpare } = this.#options;
    if (maySpare?.(workspace) === false) return open();
    for (let cell = this.#spares.shift(); cell; cell = this.#spares.shift()) {
      if (!cell.isSpent) return cell;
      this.#bury(cell);
    }
    return open();
  }

  #vacate(tenancy: Tenancy<Cell>): void {
    tenancy.isBusy = false;
    const { jobsPerCell, idleMs } = this.#options;
    if (this.#isClosed || tenancy.cell.isSpent || tenancy.jobs >= jobsPerCell) this.#end(tenancy);
    else tenancy.idle = setTimeout(() => this.#end(tenancy), idleMs).unref();
    this.#admitNext();
    // Only now, so that starting one (70 ms of a processor) does not compete with the job that took the last.
    this.#stock();
  }

  /** Whoever waits longest among the workspaces that keep the fewest cells busy. */
  #admitNext(): void {
    const order = this.#queue.toSorted((a, b) => this.#busy(a.workspace) - this.#busy(b.workspace));
    for (const applicant of order) {
      const tenancy = this.#place(applicant.workspace);
      if (!tenancy) continue;
      this.#queue.splice(this.#queue.indexOf(applicant), 1);
      return applicant.admit(occupy(tenancy));
    }
  }

  #stock(): void {
    if (this.#suffices()) return;
    while (!this.#isClosed && this.#spares.length < this.#options.spares) this.#spares.push(this.#options.open());
  }

  /** One workspace with one cell at rest, far from its last job, needs no other: a spare of 48 MB would wait for nothing. */
  #suffices(): boolean {
    const [only, ...others] = this.#tenancies;
    return !!only && others.length === 0 && !only.isBusy && only.jobs < this.#options.jobsPerCell - soonJobs;
  }

  #end(tenancy: Tenancy<Cell>): void {
    clearTimeout(tenancy.idle);
    this.#tenancies.delete(tenancy);
    this.#bury(tenancy.cell);
  }

  #bury(cell: Cell): void {
    cell.kill();
    const gone = cell.closed.finally(() => this.#dying.delete(gone));
    this.#dying.add(gone);
  }
}

function occupy<Cell>(tenancy: Tenancy<Cell>): Tenancy<Cell> {
  clearTimeout(tenancy.idle);
  tenancy.isBusy = true;
  tenancy.jobs += 1;
  return tenancy;
}
