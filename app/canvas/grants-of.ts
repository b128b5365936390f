import { manifestOf, manifestWords, namesIn } from '../../flow/check/manifest.ts';
import type { Catalogue } from '../../flow/document/card.ts';
import { defaultZone } from '../../flow/document/workflow.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { nextRuns } from '../forms/next-runs.ts';
import { nodeName } from '../../flow/document/node-name.ts';
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
      const url = draftedUrl(node, bases, []);
      return url === undefined ? [] : [{ key: node.key, methods: methodsOf(node), url }];
    });

/** What publishing allows a document that what is live is not allowed, a sentence each. */
export function grantsOf(document: Workflow, live: Workflow | undefined, catalogue: Catalogue): string[] {
  const nameOf = namesIn(document, catalogue);
  const before = new Set(live ? manifestWords(manifestOf(live, catalogue), nameOf) : []);
  return manifestWords(manifestOf(document, catalogue), nameOf).filter((words) => !before.has(words));
}

/** When a schedule of a document will start it, once it is published: the node by name, and the next time in words. */
export function schedulesOf(document: Workflow, catalogue: Catalogue, now: number) {
  return document.nodes
    .filter(({ type, settings }) => type === 'start.schedule' && settings?.disabled !== true)
    .flatMap((node) => {
      const own = node.params?.['timezone'];
      const place = typeof own === 'string' && own !== '' ? own : (document.settings?.timezone ?? defaultZone);
      const [next] = timesIn(place, node.params?.['rules'], now);
      return next === undefined ? [] : [{ key: node.key, title: nodeName(catalogue, node), next, zone: place }];
    });
}

function timesIn(zone: string, rules: unknown, now: number): string[] {
  try {
    const write = new Intl.DateTimeFormat('en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
      timeZone: zone,
    });
    return nextRuns(rules, zone, now, 1).map((at) => write.format(at));
  } catch {
    // No such time zone: the Issues say so.
    return [];
  }
}
