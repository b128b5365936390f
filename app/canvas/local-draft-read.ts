import * as z from 'zod';
import { edit } from '../../flow/document/edits/edit.ts';
import { parseWorkflow } from '../../flow/document/parse.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { Pending } from './draft.ts';
import { baseName, formatNumber } from './local-draft.ts';
import type { Store } from '../host/keep.ts';

/** What a tab had not stored: edits over a revision. */
export interface FoundDraft {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly revision: number;
  readonly base: Workflow;
  readonly pending: readonly Pending[];
  /** So many of them were sent and may have arrived. */
  readonly sent: number;
}

/** A local draft of the format before: a whole document, without what it was based on. */
export interface OldFoundDraft {
  readonly name: string;
  readonly revision: number;
  readonly document: Workflow;
}

const keptLocally = z.object({
  v: z.literal(formatNumber),
  at: z.number(),
  revision: z.int(),
  sent: z.int(),
  edits: z.array(z.object({ label: z.string(), edit })),
});
const whole = z.object({ revision: z.int(), document: z.unknown() });

/** Reads a local draft; undefined when it is of a format that this page does not know, or torn. */
export function readLocalDraft(storage: Store, name: string): FoundDraft | OldFoundDraft | undefined {
  const kept = parsed(storage.getItem(name));
  const read = keptLocally.safeParse(kept);
  const base = wholeOf(parsed(storage.getItem(baseName(name))));
  if (read.success && base?.revision === read.data.revision) {
    const { at, revision, sent, edits } = read.data;
    return { name, at, revision, base: base.document, pending: edits, sent };
  }
  const old = wholeOf(kept);
  return old && { name, ...old };
}

function wholeOf(value: unknown): { revision: number; document: Workflow } | undefined {
  const read = whole.safeParse(value);
  const document = read.success ? parseWorkflow(read.data.document) : undefined;
  return read.success && document?.ok ? { revision: read.data.revision, document: document.document } : undefined;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
