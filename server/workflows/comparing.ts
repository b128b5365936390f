import type { Workflow } from '../../flow/document/workflow.ts';
import { carryCompare } from '../compute/document-jobs.ts';
import type { Compute } from '../compute/compute.ts';
import type { Compared } from '../compute/document-jobs.ts';
import { Refusal } from '../http/refusal.ts';
import { busy, isBeyond, isLong, waitMs } from './judging.ts';

/** Where documents are compared that would hold this thread; left out, all of them are compared here. */
export type Comparing = Pick<Compute, 'compare'> | undefined;

/** Compares two documents where that holds nobody up; 503 when that is nowhere now. */
export async function compared(
  elsewhere: Comparing,
  workspace: string,
  documents: { readonly before: Workflow; readonly after: Workflow },
): Promise<Compared> {
  if (!elsewhere || !isLong(documents)) return carryCompare(documents);
  try {
    return await elsewhere.compare(workspace, documents, AbortSignal.timeout(waitMs));
  } catch (error) {
    if (isBeyond(error)) throw new Refusal(413, 'too-large', 'These two versions are too large to be compared.');
    throw busy(error);
  }
}
