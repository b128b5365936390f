import { LRUCache } from 'lru-cache';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { jsonWeight } from '../../flow/values/json-weight.ts';
import type { Trigger } from './directory.ts';

interface Kept {
  readonly plan: Plan;
  readonly document: Workflow;
}

/** Characters of JSON; as objects they take some five times that. */
const mostWeight = 64 * 1024 * 1024;

/** Versions in memory, by what they weigh: a thousand small ones are nothing, and of a thousand with 10 MB each no process has room. */
export const keptVersions = <Version extends Kept>(max: number, maxSize = mostWeight): LRUCache<string, Version> =>
  new LRUCache<string, Version>({
    max,
    maxSize,
    sizeCalculation: ({ plan, document }) => jsonWeight(plan, maxSize) + jsonWeight(document, maxSize),
  });

/** What triggers were published with. */
export type Params = Readonly<Record<string, unknown>>;

/** The same of them: a form's texts may have 9 MB. */
export const keptParams = (max: number, maxSize = mostWeight / 2): LRUCache<Trigger, Params> =>
  new LRUCache<Trigger, Params>({ max, maxSize, sizeCalculation: (params) => jsonWeight(params, maxSize) });
