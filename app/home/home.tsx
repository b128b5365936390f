import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ChevronDown, Download, LayoutGrid, Plus, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { useMay } from '../api/role.ts';
import { useRunNews } from '../api/run-news.ts';
import { runsQuery } from '../api/runs.ts';
import type { Run } from '../../flow/contract/run.ts';
import { workflowsQuery } from '../api/workflows.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { offer } from '../commands/registry.ts';
import { Button } from '../ui/button.tsx';
import { SearchInput } from '../ui/field.tsx';
import { Menu, MenuItem } from '../ui/menu.tsx';
import { Empty, ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { isInDoubt } from '../ui/run-state.ts';
import { Segment } from '../ui/segment.tsx';
import { todayInWords } from '../ui/when.ts';
import { useNow } from '../ui/use-now.ts';
import { AttentionList } from './attention-list.tsx';
import { useAttentionRuns } from './attention-runs.ts';
import { needsOf } from './attention.ts';
import { useDismissed } from './dismissed.ts';
import { Figures } from './figures.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { useLeaving } from './leaving.ts';
import { arrange, sortFrom, sortText } from './sorting.ts';
import { useWorkflowActs } from './workflow-acts.ts';
import { WorkflowTable } from './workflow-table.tsx';
import './home.css';

const views = [
  { value: 'all', title: 'All' },
  { value: 'live', title: 'Live' },
  { value: 'drafts', title: 'Drafts' },
] as const;
type View = (typeof views)[number]['value'];

/** What there is, how it goes, what needs somebody. */
export default function Home() {
  const now = useNow(1_000);
  const workflows = useQuery({ ...workflowsQuery, refetchInterval: 10_000 });
  const kept = useRunNews() ? 'told' : 'asked';
  const runs = useInfiniteQuery(runsQuery({ since: '14d', limit: 200 }, kept));
  const attention = useAttentionRuns(kept);
  const leaving = useLeaving();
  const known = runs.data?.pages.flatMap(({ items }) => items) ?? [];
  const shown = (workflows.data ?? []).filter(({ id }) => !leaving.has(id));
  const nameOf = (id: string) => shown.find((one) => one.id === id)?.name ?? 'A workflow that was deleted';
  return (
    <main className="main" id="main">
      <HomeHead now={now} />
      <div className="main-scroll" tabIndex={-1}>
        {known.length > 0 && (
          <Overview
            runs={known}
            attention={attention}
            workflows={shown}
            isCut={runs.hasNextPage}
            nameOf={nameOf}
            now={now}
          />
        )}
        <Workflows
          workflows={workflows.data && shown}
          error={workflows.error}
          retry={() => void workflows.refetch()}
          runs={known}
          now={now}
        />
      </div>
    </main>
  );
}

/** The way to more workflows. */
function HomeHead({ now }: { now: number }) {
  const acts = useWorkflowActs();
  const [isImporting, setImporting] = useState(false);
  const mayDraw = useMay('editor');
  useEffect(
    () =>
      offer([
        {
          id: 'workflow.new',
          title: 'New workflow',
          group: 'Workflows',
          keys: ['N'],
          needs: 'editor',
          run: () => acts.create(),
        },
        {
          id: 'workflow.import',
          title: 'Import a workflow',
          group: 'Workflows',
          words: 'json file paste',
          needs: 'editor',
          run: () => setImporting(true),
        },
      ]),
    [acts],
  );
  return (
    <div className="main-head">
      <h1>Home</h1>
      <span className="t3">{todayInWords(new Date(now))}</span>
      <span className="grow" />
      {mayDraw && (
        <>
          <ImportDialog open={isImporting} close={() => setImporting(false)} make={acts.importText} />
          <WaysToBegin create={() => void acts.create()} beginImport={() => setImporting(true)} />
        </>
      )}
    </div>
  );
}

function WaysToBegin({ create, beginImport }: { create: () => void; beginImport: () => void }) {
  const [, navigate] = useLocation();
  return (
    <>
      <Button onClick={beginImport}>
        <Download className="i i-14" aria-hidden />
        Import
      </Button>
      <div className="btn-pair">
        <Button tone="primary" onClick={create}>
          <Plus className="i i-14" aria-hidden />
          New workflow
        </Button>
        <Menu
          trigger={
            <Button tone="primary" className="icon" aria-label="Other ways to begin">
              <ChevronDown className="i i-14" aria-hidden />
            </Button>
          }
        >
          <MenuItem icon={<Plus className="i" aria-hidden />} keys="N" onSelect={create}>
            Blank
          </MenuItem>
          <MenuItem icon={<LayoutGrid className="i" aria-hidden />} onSelect={() => navigate('/gallery')}>
            From the gallery
          </MenuItem>
          <MenuItem icon={<Download className="i" aria-hidden />} onSelect={beginImport}>
            From JSON
          </MenuItem>
        </Menu>
      </div>
    </>
  );
}

interface OverviewProps {
  readonly runs: readonly Run[];
  readonly attention: ReturnType<typeof useAttentionRuns>;
  readonly workflows: readonly ListedWorkflow[];
  readonly isCut: boolean;
  readonly nameOf: (workflow: string) => string;
  readonly now: number;
}

function Overview({ runs, attention, workflows, isCut, nameOf, now }: OverviewProps) {
  const dismissed = useDismissed();
  const mayAnswer = useMay('operator');
  // Those of the failures' own list stand for themselves: a call in doubt may be of a run that goes.
  const told = [...runs.filter(isInDoubt), ...attention.runs];
  const needs = needsOf(told, { nameOf, now, dismissed, mayAnswer, isCut: attention.isCut }, workflows);
  return (
    <div className={needs.length > 0 ? 'home-top' : 'home-top calm'}>
      {needs.length > 0 && (
        <section aria-label="Needs attention">
          <h2 className="strong">Needs attention</h2>
          <AttentionList needs={needs} />
        </section>
      )}
      <section aria-label="Last 24 hours">
        <h2 className="strong">Last 24 hours</h2>
        <Figures runs={runs} isCut={isCut} now={now} />
      </section>
    </div>
  );
}

interface WorkflowsProps {
  readonly workflows: readonly ListedWorkflow[] | undefined;
  readonly error: Error | null;
  readonly retry: () => void;
  readonly runs: readonly Run[];
  readonly now: number;
}

function Workflows({ workflows, error, retry, runs, now }: WorkflowsProps) {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('show');
  const view: View = asked === 'live' || asked === 'drafts' ? asked : 'all';
  if (!workflows)
    return error ? <ErrorState what="The list did not load." error={error} retry={retry} /> : <SkeletonRows />;
  if (workflows.length === 0) return <NoWorkflows />;
  const words = search.get('q') ?? '';
  const sort = sortFrom(search.get('sort'));
  const runsOf = byWorkflow(runs);
  const inView = workflows.filter(({ published }) => view === 'all' || (view === 'live') === Boolean(published));
  const shown = arrange(inView, runsOf, { words, sort });
  const say = (wish: { show?: string | undefined; q?: string | undefined; sort?: string | undefined }) => {
    const now = { show: asked ?? '', q: words, sort: search.get('sort') ?? '', ...wish };
    setSearch(
      Object.entries(now).filter((entry): entry is [string, string] => Boolean(entry[1])),
      { replace: true },
    );
  };
  return (
    <section aria-label="Workflows">
      <div className="row section-head">
        <h2 className="strong">Workflows</h2>
        <span className="t3 num">{workflows.length}</span>
        <span className="grow" />
        <SearchInput
          className="home-find"
          icon={<Search className="i i-14 t3" aria-hidden />}
          placeholder="Find a workflow"
          aria-label="Find a workflow"
          value={words}
          onChange={(event) => say({ q: event.target.value })}
        />
        <Segment
          label="Which workflows"
          value={view}
          options={views}
          onChange={(value) => say({ show: value === 'all' ? '' : value })}
        />
      </div>
      {error && <ErrorState what="This list may be old." error={error} retry={retry} />}
      {shown.length > 0 ? (
        <WorkflowTable
          workflows={shown}
          runsOf={runsOf}
          now={now}
          sort={sort}
          chooseSort={(next) => say({ sort: sortText(next) })}
        />
      ) : (
        <NothingShown view={view} isSearched={inView.length > 0} />
      )}
    </section>
  );
}

function NothingShown({ view, isSearched }: { view: View; isSearched: boolean }) {
  if (isSearched) return <Empty title="No workflow is called that">Try other words, or another view.</Empty>;
  return (
    <Empty title={view === 'live' ? 'Nothing is live' : 'No drafts'}>
      {view === 'live'
        ? 'A workflow that is published stands here: its triggers start it.'
        : 'Every workflow is live as it is drawn.'}
    </Empty>
  );
}

function byWorkflow(runs: readonly Run[]): Map<string, Run[]> {
  const found = new Map<string, Run[]>();
  for (const run of runs) {
    const known = found.get(run.workflow);
    if (known) known.push(run);
    else found.set(run.workflow, [run]);
  }
  return found;
}

function NoWorkflows() {
  const [, navigate] = useLocation();
  if (!useMay('editor'))
    return (
      <div className="box no-workflows">
        <Empty title="No workflows yet">An editor draws the first. It is listed here then, with its runs.</Empty>
      </div>
    );
  return (
    <div className="box no-workflows">
      <Empty
        title="No workflows yet"
        action={<Button onClick={() => navigate('/gallery')}>Start from the gallery</Button>}
      >
        A workflow starts by itself, on a schedule, a call or a form, and does the steps that you draw. Draw one, or
        begin with a finished one.
      </Empty>
    </div>
  );
}
