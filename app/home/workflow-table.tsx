import {
  Activity,
  CalendarClock,
  Copy,
  Download,
  Ellipsis,
  FileInput,
  MessageCircle,
  Play,
  Power,
  PowerOff,
  SquarePen,
  Trash2,
  TriangleAlert,
  Webhook,
  Workflow,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useMay } from '../api/role.ts';
import type { RunBrief } from '../api/workflows.ts';
import type { ListedWorkflow } from '../../flow/contract/workflow.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Cut } from '../ui/cut.tsx';
import { State } from '../ui/mark.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx';
import { isUnderWay, markOf } from '../ui/run-state.ts';
import { duration } from '../ui/figures.ts';
import { ago, soon, wholeMoment } from '../ui/when.ts';
import { SortHead } from './sort-head.tsx';
import type { Sort } from './sorting.ts';
import { Spark, successOf } from './spark.tsx';
import { kindOf, runsKnown } from './trigger-runs.ts';
import { useWorkflowActs } from './workflow-acts.ts';
import './workflow-table.css';

interface TableProps {
  readonly workflows: readonly ListedWorkflow[];
  readonly runsOf: ReadonlyMap<string, readonly RunBrief[]>;
  readonly now: number;
  readonly sort: Sort;
  readonly chooseSort: (sort: Sort) => void;
}

/** The workflows with their state, their last runs and their next one. */
export function WorkflowTable({ workflows, runsOf, now, sort, chooseSort }: TableProps) {
  const [leaving, setLeaving] = useState<ListedWorkflow>();
  const [pausing, setPausing] = useState<ListedWorkflow>();
  const acts = useWorkflowActs();
  const wish = (one: ListedWorkflow) => (one.published ? setLeaving(one) : acts.remove(one));
  return (
    <>
      <table className="table workflow-table">
        <thead>
          <tr>
            <SortHead name="name" title="Name" sort={sort} choose={chooseSort} />
            <SortHead name="state" title="State" sort={sort} choose={chooseSort} />
            <th title={counting}>Last runs</th>
            <th className="right col-wide" title={counting}>
              Success rate
            </th>
            <SortHead name="last" title="Last run" sort={sort} choose={chooseSort} />
            <SortHead name="fire" title="Next run" sort={sort} choose={chooseSort} />
            <SortHead name="changed" title="Changed" className="col-wide" sort={sort} choose={chooseSort} />
            <th>
              <span className="sr">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map((one) => (
            <Row
              key={one.id}
              one={one}
              runs={runsKnown(runsOf.get(one.id), one.lastRuns)}
              now={now}
              remove={() => wish(one)}
              turnOff={() => setPausing(one)}
            />
          ))}
        </tbody>
      </table>
      <Confirm
        open={leaving !== undefined}
        title={`Delete ${leaving?.name ?? ''}?`}
        says="It is live. Its triggers stop, and its runs under way are cancelled. Runs that are over stay in the list."
        act="Delete"
        keep="Keep it"
        onAct={() => {
          if (leaving) acts.remove(leaving);
          setLeaving(undefined);
        }}
        onClose={() => setLeaving(undefined)}
      />
      <Confirm
        open={pausing !== undefined}
        title={`Turn off ${pausing?.name ?? ''}?`}
        says="Its webhooks, forms and schedules stop. Runs under way go on; what waits for its turn is cancelled. You can turn it on again."
        act="Turn off"
        keep="Leave it on"
        onAct={() => {
          if (pausing) void acts.turnOff(pausing);
          setPausing(undefined);
        }}
        onClose={() => setPausing(undefined)}
      />
    </>
  );
}

/** What both figures are of. */
const counting = 'Of the last 14 runs by triggers; runs by hand, test calls and retries are not counted.';

interface RowProps {
  readonly one: ListedWorkflow;
  readonly runs: readonly RunBrief[];
  readonly now: number;
  readonly remove: () => void;
  readonly turnOff: () => void;
}

function Row({ one, runs, now, remove, turnOff }: RowProps) {
  const [last] = runs;
  const success = successOf(runs);
  return (
    <tr>
      <td className="cell-2">
        <Link href={`/workflows/${one.id}`} className="row">
          <StartTile one={one} />
          <Cut text={one.name} className="strong" />
        </Link>
      </td>
      <td>
        <StateCell one={one} />
      </td>
      <td>
        <Spark runs={runs} />
      </td>
      <td className="right col-wide" title={success?.says}>
        {success?.rate}
      </td>
      <td>{last ? <LastRun run={last} now={now} /> : <span className="t3">never</span>}</td>
      <td className="t2 num">{nextFireOf(one)}</td>
      <td className="t3 col-wide" title={one.updatedAt && wholeMoment(one.updatedAt)}>
        {one.updatedAt && ago(one.updatedAt, new Date(now))}
      </td>
      <td className="right row-menu">
        <RowMenu one={one} remove={remove} turnOff={turnOff} />
      </td>
    </tr>
  );
}

const starts: Record<string, LucideIcon> = {
  'start.webhook': Webhook,
  'start.schedule': CalendarClock,
  'start.form': FileInput,
  'start.chat': MessageCircle,
  'start.manual': Play,
  'start.error': TriangleAlert,
};

/** How it starts, as the selvage of its first node would show it. */
function StartTile({ one: { triggers } }: { one: ListedWorkflow }) {
  const [first] = triggers ?? [];
  const Icon = (first && starts[first.type]) ?? Workflow;
  return (
    <span className="tile sm" data-family={first ? 'trigger' : undefined}>
      <Icon className="i" aria-hidden />
    </span>
  );
}

function StateCell({ one }: { one: ListedWorkflow }) {
  return (
    <span className="row small">
      <i className="dot" data-live={Boolean(one.published)} />
      {one.published ? 'Live' : <span className="t3">{one.latest ? 'Off' : 'Draft'}</span>}
      {one.published && one.changed && <span className="chip">changed in draft</span>}
    </span>
  );
}

function LastRun({ run, now }: { run: RunBrief; now: number }) {
  const took = isUnderWay(run)
    ? `${duration(now - Date.parse(run.startedAt))} so far`
    : ago(new Date(Date.parse(run.startedAt) + (run.durationMs ?? 0)).toISOString(), new Date(now));
  const kind = kindOf(run);
  return (
    <Link href={`/runs/${run.id}`} title={wholeMoment(run.startedAt)}>
      <State state={markOf({ needs: [], ...run })}>
        <span className="sr">{run.status}, </span>
        {took}
        {kind && <span className="t3"> · {kind}</span>}
      </State>
    </Link>
  );
}

const waysIn: Record<string, string> = {
  'start.webhook': 'on a webhook',
  'start.form': 'on a form',
  'start.chat': 'on a message',
  'start.manual': 'by hand',
  'start.error': 'on a failed run',
  'start.called': 'when called',
};

function nextFireOf(one: ListedWorkflow): string {
  if (!one.published) return '';
  const fires = [one.nextFire, ...(one.triggers ?? []).map(({ nextFire }) => nextFire)].filter(
    (at) => typeof at === 'string',
  );
  const [first] = fires.sort();
  if (first) return soon(first);
  const [trigger] = one.triggers ?? [];
  return trigger ? (waysIn[trigger.type] ?? '') : '';
}

function RowMenu({ one, remove, turnOff }: { one: ListedWorkflow; remove: () => void; turnOff: () => void }) {
  const acts = useWorkflowActs();
  const mayDraw = useMay('editor');
  const [, navigate] = useLocation();
  return (
    <Menu
      trigger={
        <Button tone="quiet" size="sm" className="icon" aria-label={`More for ${one.name}`}>
          <Ellipsis className="i" aria-hidden />
        </Button>
      }
    >
      <MenuItem icon={<SquarePen className="i" aria-hidden />} onSelect={() => navigate(`/workflows/${one.id}`)}>
        Open
      </MenuItem>
      {mayDraw && (
        <MenuItem icon={<Copy className="i" aria-hidden />} onSelect={() => void acts.duplicate(one)}>
          Duplicate
        </MenuItem>
      )}
      <MenuItem icon={<Download className="i" aria-hidden />} onSelect={() => void acts.download(one)}>
        Download as JSON
      </MenuItem>
      <MenuItem icon={<Activity className="i" aria-hidden />} onSelect={() => navigate(`/runs?workflow=${one.id}`)}>
        Its runs
      </MenuItem>
      {mayDraw && <EditorsItems one={one} remove={remove} turnOff={turnOff} />}
    </Menu>
  );
}

/** What of a row's menu changes the workflow. */
function EditorsItems({ one, remove, turnOff }: Pick<RowProps, 'one' | 'remove' | 'turnOff'>) {
  const acts = useWorkflowActs();
  return (
    <>
      {one.published ? (
        <MenuItem icon={<PowerOff className="i" aria-hidden />} onSelect={turnOff}>
          Turn off
        </MenuItem>
      ) : (
        one.latest && (
          <MenuItem icon={<Power className="i" aria-hidden />} onSelect={() => void acts.turnOn(one)}>
            Turn on version {one.latest}
          </MenuItem>
        )
      )}
      <MenuLine />
      <MenuItem danger icon={<Trash2 className="i" aria-hidden />} onSelect={remove}>
        Delete
      </MenuItem>
    </>
  );
}
