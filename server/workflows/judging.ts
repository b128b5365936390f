import { checkLimits, tooLong } from '../../flow/check/check.ts';
import { found } from '../../flow/check/codes.ts';
import { judge, readWorkflow } from '../../flow/check/judge.ts';
import type { Asked, Judged, ReadWorkflow } from '../../flow/check/judge.ts';
import type { CheckContext } from '../../flow/check/view.ts';
import type { Issue, Workflow } from '../../flow/document/workflow.ts';
import { Budget, TooLong } from '../../flow/facts/budget.ts';
import { Fault } from '../../flow/facts/faults.ts';
import type { Compute } from '../compute/compute.ts';
import { strangeCards } from '../compute/document-jobs.ts';
import { Refusal } from '../http/refusal.ts';
import { processorMs } from '../processor-time.ts';
import { isHeavy } from '../text/known-json.ts';
import { atOnceMost } from '../text/turns.ts';
import type { Surroundings } from './read-document.ts';

/** Where documents are worked out that would hold this thread; left out, all of them are worked out here. */
export type Elsewhere = Pick<Compute, 'read' | 'judge'> | undefined;

/** Up to so much of processor time a document is checked here. Nearly all are done in a tenth of it. */
const stretchMs = 80;
/** So long a process that is free is waited for. */
export const waitMs = 60_000;

/** Reads a document that somebody sent, where that holds nobody up. What can be read nowhere now is refused with 503. */
export async function readSent(elsewhere: Elsewhere, workspace: string, given: unknown): Promise<ReadWorkflow> {
  if (!elsewhere || !isLong(given)) return readWorkflow(given);
  try {
    return await elsewhere.read(workspace, given, AbortSignal.timeout(waitMs));
  } catch (error) {
    if (isBeyond(error)) return { ok: false, issues: [tooLong()] };
    throw busy(error);
  }
}

/** Judges a document where that holds nobody up; 503 when that is nowhere now. One that takes too long anywhere has an Issue that says so. */
export async function judged(
  elsewhere: Elsewhere,
  workspace: string,
  document: Workflow,
  around: Surroundings,
  asked: Asked,
): Promise<Judged> {
  const context = contextOf(around);
  const { catalogue } = around.nodes;
  if (!elsewhere || !isLong(document)) {
    const budget = new Budget({ ...checkLimits, ...(elsewhere && { stretchMs }) }, processorMs);
    budget.begins('may-leave');
    try {
      return judge(document, catalogue, { ...context, budget }, asked);
    } catch (error) {
      if (!(error instanceof TooLong) || !elsewhere) throw error;
    }
  }
  const cards = await strangeCards(document, catalogue);
  try {
    return await elsewhere.judge(workspace, { document, context, asked, cards }, AbortSignal.timeout(waitMs));
  } catch (error) {
    if (isBeyond(error)) return { issues: [tooLong()] };
    throw busy(error);
  }
}

/** What is wrong with a document; where nobody has the time to look, that. */
export async function issuesOf(
  elsewhere: Elsewhere,
  workspace: string,
  document: Workflow,
  around: Surroundings,
): Promise<Issue[]> {
  try {
    return (await judged(elsewhere, workspace, document, around, 'issues')).issues;
  } catch (error) {
    if (!isBusy(error)) throw error;
    return [found('not-checked', {}, 'The workflow was not checked: the server has too much to do.', 'Save it again.')];
  }
}

/** Whether something is too long to be worked out here. */
export const isLong = (document: unknown): boolean => isHeavy(document, atOnceMost);

const contextOf = ({ nodes, hasOwnAddress = false, ...around }: Surroundings): CheckContext => ({
  ...around,
  types: nodes.types,
  hasOwnAddress,
});

/** Whether a document took more time or memory than any may. */
export const isBeyond = (error: unknown): boolean => error instanceof Fault && error.code === 'compute.limit';

/** Who works documents out was killed twice, or is busy with others; anything else is a bug. */
export function busy(error: unknown): unknown {
  const isGone = error instanceof Fault || (error instanceof DOMException && error.name === 'TimeoutError');
  if (!isGone) return error;
  return new Refusal(503, 'busy', 'The server has too much to do to work this workflow out.', {
    mend: 'Try again in a moment.',
    headers: { 'retry-after': '5' },
  });
}

const isBusy = (error: unknown): boolean => error instanceof Refusal && error.code === 'busy';
