import type { AppendResult } from './flusher.ts';

/** The journal did not take the append: a duplicate start, a database that is away. */
export class Refused extends Error {
  readonly result: Exclude<AppendResult, { ok: true }>;

  constructor(result: Exclude<AppendResult, { ok: true }>) {
    super(`the journal refused: ${result.why}`);
    this.name = 'Refused';
    this.result = result;
  }
}

/** There is no such run: it never began, or was forgotten. */
export class NoSuchRun extends Refused {
  constructor(run: string) {
    super({ ok: false, why: 'gone', run });
    this.name = 'NoSuchRun';
    this.message = `there is no run ${run}`;
  }
}
