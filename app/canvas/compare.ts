import type { Catalogue } from '../../flow/document/card.ts';
import { diff, diffWords } from '../../flow/document/diff.ts';
import { fingerprint } from '../../flow/document/fingerprint.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { nodeName } from '../graph/node-name.ts';

/** What publishing would change, a sentence each. None where the two do the same: titles and places are no reason to publish. */
export const compare = (live: Workflow, draft: Workflow, catalogue: Catalogue): string[] =>
  fingerprint(live) === fingerprint(draft)
    ? []
    : diffWords(diff(live, draft), draft, (node) => `“${nodeName(catalogue, node)}”`);
