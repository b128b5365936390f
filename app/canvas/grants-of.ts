import { manifestOf, manifestWords } from '../../flow/check/manifest.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { draftedUrl, hasAddress, methodsOf } from './addresses.ts';

/** Where one may call it: `POST https://…/hooks/main/orders`. */
export interface Reach {
  readonly key: string;
  readonly methods: string;
  readonly url: string;
}

/** Where a document will be called once it is published, by its webhooks and forms. */
export const reachesOf = ({ nodes }: Workflow, bases: Parameters<typeof draftedUrl>[1]): Reach[] =>
  nodes
    .filter((node) => hasAddress(node) && node.settings?.disabled !== true)
    .flatMap((node) => {
      const url = draftedUrl(node, bases);
      return url === undefined ? [] : [{ key: node.key, methods: methodsOf(node), url }];
    });

/** What publishing allows a document that what is live is not allowed, a sentence each. */
export function grantsOf(document: Workflow, live: Workflow | undefined, catalogue: Catalogue): string[] {
  const before = new Set(live ? manifestWords(manifestOf(live, catalogue)) : []);
  return manifestWords(manifestOf(document, catalogue)).filter((words) => !before.has(words));
}
