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
  /** The runs that failed; somebody may say that they need nobody. */
  readonly runs?: readonly string[];
}

/** Who looks, and when. */
interface Looking {
  readonly nameOf: (workflow: string) => string;
  readonly now: number;
  /** Runs of which somebody said so. */
  readonly dismissed?: ReadonlySet<string>;
  /** Whether who looks may say what becomes of a run; without it, they may. */
  readonly mayAnswer?: boolean;
  /** There are more failures than the runs tell of. */
  readonly isCut?: boolean;
}

/** How far back a failure is still news. */
const newsMs = 7 * 24 * 3_600_000;

/**
 * What needs a person: first what is in doubt, then failures of the last week that no retry made good and nobody dismissed (the same fault of a
 * workflow is one line; that another run went well brings nothing back; whoever pressed Run saw it fail), then questions. A run may stand among
 * the runs more than once.
 */
export function needsOf(
  told: readonly Run[],
  looking: Looking,
  workflows: readonly Pick<ListedWorkflow, 'id' | 'name' | 'published' | 'changed'>[] = [],
): Need[] {
  const { nameOf, mayAnswer = true } = looking;
  const runs = [...new Map(told.map((run) => [run.id, run])).values()];
  const doubts = runs.filter(isInDoubt).map((run): Need => ({
    kind: 'doubt',
    title: 'A call may have happened',
    says: `${nameOf(run.workflow)}. Only a person can say whether it did.`,
    verb: mayAnswer ? 'Decide' : 'Open',
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
            verb: mayAnswer ? 'Answer' : 'Open',
            to: '/reviews',
          },
        ];
  return [...doubts, ...failures(runs, looking), ...answers, ...unpublished(workflows)];
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
      verb: others.length === 0 ? 'Open' : 'Open one',
      to: `/workflows/${first.id}`,
    },
  ];
}

/** The failures that are lost, by the fault of a workflow: of a run and its retries that failed too, the latest stands for all. */
function failures(runs: readonly Run[], { nameOf, now, dismissed = new Set(), isCut = false }: Looking): Need[] {
  const lost = runs.filter(
    (run) => run.status === 'failed' && !isByHand(run) && now - Date.parse(run.startedAt) < newsMs,
  );
  const known = new Set(lost.map(({ id }) => id));
  const isOpen = ({ id, retriedAs }: Run) =>
    !dismissed.has(id) && (!retriedAs || (retriedAs.status !== 'finished' && !known.has(retriedAs.id)));
  const faultOf = ({ workflow, error }: Run) => `${workflow} ${error?.code ?? ''} ${error?.node ?? ''}`;
  const more = isCut ? ' or more' : '';
  return [...Map.groupBy(lost.filter(isOpen), faultOf).values()].flatMap(([run, ...others]): Need[] =>
    run
      ? [
          {
            kind: 'failed',
            title:
              others.length === 0 && !isCut ? 'A run failed' : `${others.length + 1}${more} runs failed the same way`,
            says: `${nameOf(run.workflow)}. ${run.error?.message ?? ''}`,
            verb: 'See why',
            to: others.length === 0 ? `/runs/${run.id}` : `/runs?status=failed&since=7d&workflow=${run.workflow}`,
            runs: [run, ...others].map(({ id }) => id),
          },
        ]
      : [],
  );
}
