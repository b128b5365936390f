import type { Sql } from 'postgres';
import type { BlobStore } from '../runs/blobs.ts';
import type { Engine } from '../runs/engine.ts';
import type { Ledger } from '../runs/ledger.ts';
import type { Live } from '../runs/live.ts';
import type { Admission } from './admission.ts';
import { openAnnex } from './annex.ts';
import type { ServeRaw } from './annex.ts';
import { Directory } from './directory.ts';
import type { ReadPublished } from './directory.ts';
import type { FindSecret } from './hooks/check-caller.ts';
import { hookServer } from './hooks/serve-hook.ts';
import { openRates } from './rates.ts';

export interface TriggersOptions {
  /** The engine's pool: triggers of all workspaces. */
  readonly sql: Sql;
  readonly engine: Engine;
  readonly ledger: Ledger & { readonly blobs: BlobStore };
  readonly live: Live;
  readonly readPublished: ReadPublished;
  readonly findSecret: FindSecret;
  readonly log: { error(fields: object, sentence: string): void; warn(fields: object, sentence: string): void };
  readonly onBroken: (error: unknown, doing: string) => void;
  /** Calls of one trigger a second, on average. */
  readonly perSecond?: number;
}

/** Everything that starts runs by itself, open. */
export interface Triggers extends AsyncDisposable {
  readonly directory: Directory;
  readonly hooks: ServeRaw;
  readonly annex: ReturnType<typeof openAnnex>;
  close(): Promise<void>;
}

const nothingGoverned: Admission = {
  governs: () => false,
  admit: async () => ({ is: 'skipped', why: 'unreachable' }),
};

export async function openTriggers(options: TriggersOptions): Promise<Triggers> {
  const { sql, engine, ledger, live, readPublished, findSecret, log, onBroken } = options;
  const directory = new Directory({ sql, readPublished, onBroken });
  await directory.open();
  const rates = openRates({ perSecond: options.perSecond ?? 10_000, isFull: () => false });
  const admission = nothingGoverned;
  const hooks = hookServer({ directory, engine, ledger, live, admission, rates, findSecret, log });
  const annex = openAnnex({ hooks, forms: hooks });
  const close = () => directory.close();
  return { directory, hooks, annex, close, [Symbol.asyncDispose]: close };
}
