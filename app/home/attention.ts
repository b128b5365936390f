import type { Run } from '../../flow/contract/run.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { isByHand, isInDoubt } from '../ui/run-state.ts';

/** Something that will not go on, or will happen again, without a person. */
export interface Need {
  readonly kind: 'doubt' | 'failed' | 'waiting' | 'queued';
  readonly title: string;
  readonly says: string;
  /** What the button says, and where it leads. */
  readonly verb: string;
  readonly to: string;
}

/** How far back a failure is still news. */
const newsMs = 24 * 3_600_000;

/**
 * What needs a person, from the latest runs: first what is in doubt, then failures of the last day (the same fault of a workflow is one line,
 * and none when a later run of it went well; whoever pressed Run saw it fail), then questions.
 */
export function needsOf(
  runs: readonly Run[],
  nameOf: (workflow: string) => string,
  now: number,
  workflows: readonly Pick<ListedWorkflow, 'id' | 'name' | 'published' | 'changed'>[] = [],
): Need[] {
  const doubts = runs.filter(isInDoubt).map((run): Need => ({
    kind: 'doubt',
    title: 'A call may have happened',
    says: `${nameOf(run.workflow)}. Only a person can say whether it did.`,
    verb: 'Decide',
    to: `/runs/${run.id}`,
  }));
  const waiting = runs.filter((run) => run.status === 'waiting' && run.needs.length > 0 && !isInDoubt(run));
  const answers: Need[] =
    waiting.length === 0
      ? []
      : [
          {
            kind: 'waiting',
            title: waiting.length === 1 ? 'An answer is needed' : `${waiting.length} answers are needed`,
            says: `${[...new Set(waiting.map((run) => nameOf(run.workflow)))].join(', ')}.`,
            verb: 'Answer',
            to: '/reviews',
          },
        ];
  return [...doubts, ...failures(runs, nameOf, now), ...answers, ...unpublished(workflows)];
}

/** What is live is not what was drawn last: somebody began a change and has not published it. */
function unpublished(workflows: readonly Pick<ListedWorkflow, 'id' | 'name' | 'published' | 'changed'>[]): Need[] {
  const changed = workflows.filter(({ published, changed: isChanged }) => published && isChanged);
  const [first, ...others] = changed;
  if (!first) return [];
  return [
    {
      kind: 'queued',
      title: others.length === 0 ? 'A change is not published' : `${changed.length} changes are not published`,
      says: `${changed.map(({ name }) => name).join(', ')}. What runs is the version before.`,
      verb: others.length === 0 ? 'Look' : 'Look at one',
      to: `/workflows/${first.id}`,
    },
  ];
}

function failures(runs: readonly Run[], nameOf: (workflow: string) => string, now: number): Need[] {
  const groups = new Map<string, Run[]>();
  const mended = new Set<string>();
  for (const run of runs) {
    if (isByHand(run)) continue;
    if (run.status === 'finished') mended.add(run.workflow);
    const isNews = run.status === 'failed' && now - Date.parse(run.startedAt) < newsMs;
    if (!isNews || mended.has(run.workflow)) continue;
    const fault = `${run.workflow} ${run.error?.code ?? ''} ${run.error?.node ?? ''}`;
    groups.set(fault, [...(groups.get(fault) ?? []), run]);
  }
  return [...groups.values()].flatMap(([run, ...others]): Need[] =>
    run
      ? [
          {
            kind: 'failed',
            title: others.length === 0 ? 'A run failed' : `${others.length + 1} runs failed the same way`,
            says: `${nameOf(run.workflow)}. ${run.error?.message ?? ''}`,
            verb: 'See why',
            to: others.length === 0 ? `/runs/${run.id}` : `/runs?status=failed&workflow=${run.workflow}`,
          },
        ]
      : [],
  );
}
