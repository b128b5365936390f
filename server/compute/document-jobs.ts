import { checkLimits } from '../../flow/check/check.ts';
import { judge, readWorkflow } from '../../flow/check/judge.ts';
import type { Asked, Judged, ReadWorkflow } from '../../flow/check/judge.ts';
import type { CheckContext } from '../../flow/check/view.ts';
import { canonical } from '../../flow/document/canonical.ts';
import type { Catalogue, NodeCard } from '../../flow/document/card.ts';
import { diff, diffWords } from '../../flow/document/diff.ts';
import type { WorkflowDiff } from '../../flow/document/diff.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { Budget } from '../../flow/facts/budget.ts';
import { openCatalogue } from '../catalogue/catalogue.ts';
import { processorMs } from '../processor-time.ts';

/** A document that somebody sent, to be read. */
export interface ReadJob {
  readonly what: 'read';
  readonly given: unknown;
}

/** A document to be judged, with what is known of its workspace. */
export interface JudgeJob {
  readonly what: 'judge';
  readonly document: Workflow;
  readonly context: Omit<CheckContext, 'budget'>;
  readonly asked: Asked;
  /** What the catalogue says of types of the document, where a build by itself would say something else. */
  readonly cards: readonly StrangeCard[];
}

/** Two documents to be compared. */
export interface CompareJob {
  readonly what: 'compare';
  readonly before: Workflow;
  readonly after: Workflow;
}

/** What differs between two documents, as a person would say it and as data. */
export interface Compared {
  readonly words: readonly string[];
  readonly diff: WorkflowDiff;
}

interface StrangeCard {
  readonly type: string;
  /** Left out for the newest. */
  readonly version?: number;
  readonly card: NodeCard | null;
}

/** The document that was read, left out where it is what was sent. */
export type ReadBack =
  | { readonly ok: true; readonly prints: string; readonly document?: Workflow }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** The nodes of this build, here as in the process that is asked. */
const ofThisBuild = openCatalogue().catalogueOf('');

export function carryRead({ given }: ReadJob): ReadBack {
  const read = readWorkflow(given);
  if (!read.ok) return read;
  const { prints, document } = read;
  // It need not travel back as it came, and what came is known to the last character.
  return canonical(document) === canonical(given) ? { ok: true, prints } : { ok: true, prints, document };
}

/** The same as where it was asked for. */
export function readBack(given: unknown, read: ReadBack): ReadWorkflow {
  if (!read.ok) return read;
  // It was read there, and is what was given.
  return { ...read, document: read.document ?? (given as Workflow) };
}

export async function carryJudge({ document, context, asked, cards }: JudgeJob): Promise<Judged> {
  const { catalogue } = await ofThisBuild;
  const known = new Map(cards.map(({ type, version, card }) => [nameOf(type, version), card]));
  const whole: Catalogue = (type, version) => {
    const card = known.get(nameOf(type, version));
    return card === undefined ? catalogue(type, version) : (card ?? undefined);
  };
  return judge(document, whole, { ...context, budget: new Budget(checkLimits, processorMs) }, asked);
}

export function carryCompare({ before, after }: Omit<CompareJob, 'what'>): Compared {
  const difference = diff(before, after);
  return { words: diffWords(difference, after), diff: difference };
}

/** What has to travel with a document of a workspace. */
export async function strangeCards({ nodes }: Workflow, catalogue: Catalogue): Promise<StrangeCard[]> {
  const own = await ofThisBuild;
  if (catalogue === own.catalogue) return [];
  const asked = new Map<string, StrangeCard>();
  for (const { type, version } of nodes)
    for (const one of [version, undefined]) {
      const card = catalogue(type, one);
      if (card !== own.catalogue(type, one))
        asked.set(nameOf(type, one), { type, ...(one === undefined ? {} : { version: one }), card: card ?? null });
    }
  return [...asked.values()];
}

const nameOf = (type: string, version: number | undefined): string => `${version ?? ''} ${type}`;
