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
 * What needs a person: first what is in doubt, then failures of the last week that no retry made good and nobody dismissed (those of a
 * workflow that failed the same way are one line; that another run went well brings nothing back; whoever pressed Run saw it fail), then questions. A run may stand among
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

/** The failures that are lost, by what is said of them: of a run and its retries that failed too, the latest stands for all. */
function failures(runs: readonly Run[], looking: Looking): Need[] {
  const { now, dismissed = new Set() } = looking;
  const all = runs.filter((run) => run.status === 'failed' && now - Date.parse(run.startedAt) < newsMs);
  const lost = all.filter((run) => !isByHand(run));
  const known = new Set(lost.map(({ id }) => id));
  const isOpen = ({ id, retriedAs }: Run) =>
    !dismissed.has(id) && (!retriedAs || (retriedAs.status !== 'finished' && !known.has(retriedAs.id)));
  const groups = Map.groupBy(lost.filter(isOpen), faultOf);
  return [...groups.values()].map((group) => failedAlike(group, all, looking));
}

/** What runs must share to have failed the same way: what the sentence says, and where it was. */
const faultOf = ({ workflow, error }: Run): string =>
  JSON.stringify([workflow, error?.node ?? '', error?.code ?? '', error?.message ?? '']);

/** One line for runs that failed the same way, the latest first. The list of runs is where to see them while it holds just them. */
function failedAlike(group: readonly Run[], all: readonly Run[], { nameOf, isCut = false }: Looking): Need {
  const [latest] = group as readonly [Run, ...Run[]];
  const isOne = group.length === 1 && !isCut;
  const isList = !isCut && !isOne && all.filter(({ workflow }) => workflow === latest.workflow).length === group.length;
  return {
    kind: 'failed',
    title: isOne ? 'A run failed' : `${group.length}${isCut ? ' or more' : ''} runs failed the same way`,
    says: `${nameOf(latest.workflow)}. ${latest.error?.message ?? ''}`,
    verb: isOne || isList ? 'See why' : 'See the latest',
    to: isList ? `/runs?status=failed&since=7d&workflow=${latest.workflow}` : `/runs/${latest.id}`,
    runs: group.map(({ id }) => id),
  };
}
