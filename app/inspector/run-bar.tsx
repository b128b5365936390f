import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, CircleX, RotateCcw, SquarePen } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Catalogue } from '../../flow/document/card.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import type { StoredFact } from '../../flow/facts/fact.ts';
import { ApiError } from '../api/api-error.ts';
import type { Hearing } from '../api/stream.ts';
import { useMay } from '../api/role.ts';
import { retry } from '../api/run.ts';
import { hasGoodRetry } from '../../flow/contract/run.ts';
import type { Run } from '../../flow/contract/run.ts';
import type { RunStep } from '../api/run-shapes.ts';
import { cancelRun } from '../api/runs.ts';
import { workflowsQuery } from '../api/workflows.ts';
import { offer } from '../commands/registry.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { Cut } from '../ui/cut.tsx';
import { Logo } from '../ui/logo.tsx';
import { State } from '../ui/mark.tsx';
import { Menu, MenuHead, MenuItem } from '../ui/menu.tsx';
import { markOf, triggerOf, wordOf } from '../ui/run-state.ts';
import { toast } from '../ui/toast.ts';
import { momentOf, wholeMoment } from '../ui/when.ts';
import { editorPlace } from './editor-place.ts';
import { duration } from '../ui/figures.ts';
import { isOver } from '../api/run-over.ts';
import { titleOf } from './need-words.ts';
import { didAlready, RetriedChip, useRetriedAs } from './retried-as.tsx';
import { againWords, sentAgain } from './sent-again.ts';
import './run-bar.css';

interface RunBarProps {
  readonly run: Run;
  readonly steps: readonly RunStep[];
  readonly facts: readonly StoredFact[];
  readonly document: Workflow | undefined;
  readonly catalogue: Catalogue | undefined;
  /** The node that is looked at. */
  readonly chosen: string | undefined;
  readonly now: number;
  readonly hearing: Hearing | undefined;
}

/** Which run this is, how it stands, where it came from, and what can be done with it. */
export function RunBar({ run, steps, facts, document, catalogue, chosen, now, hearing }: RunBarProps) {
  const lasted = run.durationMs ?? (isOver(run) ? undefined : now - Date.parse(run.startedAt));
  const retriedAs = useRetriedAs(run);
  const mayAct = useMay('operator');
  const mayDraw = useMay('editor');
  const said = [
    momentOf(run.startedAt),
    lasted === undefined ? '' : duration(Math.max(0, lasted)),
    run.retryOf ? '' : triggerOf(run),
  ];
  return (
    <header className="topbar run-top">
      <Link href="/" aria-label="Home" className="row">
        <Logo />
      </Link>
      <Link href={`/workflows/${run.workflow}`} className="crumb">
        <Cut text={document?.name ?? run.workflowName ?? 'Workflow'} />
      </Link>
      <span className="t3">/</span>
      <h1 className="num run-name" title={run.id}>
        Run {run.id.slice(-6)}
      </h1>
      <span className="state pill" data-state={markOf(run)} role="status">
        <State state={markOf(run)}>{wordOf(run)}</State>
      </span>
      {retriedAs && <RetriedChip retry={retriedAs} />}
      <span className="t3 small wide num run-said" title={wholeMoment(run.startedAt)}>
        {said.filter(Boolean).join(' · ')}
      </span>
      <Version run={run} />
      <Relations run={run} />
      {hearing === 'broken' && !isOver(run) && <span className="chip">not live, asking every 2 s</span>}
      <span className="grow" />
      <Link className="btn quiet" href={editorPlace(run, chosen)}>
        <SquarePen className="i i-14" aria-hidden />
        {mayDraw ? 'Open in editor' : 'Open the workflow'}
      </Link>
      {!mayAct ? null : isOver(run) ? (
        <Retry
          run={retriedAs ? { ...run, retriedAs } : run}
          steps={steps}
          facts={facts}
          document={document}
          catalogue={catalogue}
          chosen={chosen}
        />
      ) : (
        <Cancel run={run} />
      )}
    </header>
  );
}

/** Which version ran, and whether another is live since. */
function Version({ run }: { run: Run }) {
  const live = useLive(run);
  if (run.version === null || run.version === undefined) return <span className="chip">draft</span>;
  return (
    <span className="chip wide" title={live === run.version ? 'The version that is live.' : undefined}>
      version {run.version}
      {live !== undefined && live !== run.version && <span className="t3"> · {live} is live</span>}
    </span>
  );
}

function useLive(run: Run): number | undefined {
  const { data } = useQuery(workflowsQuery);
  return data?.find(({ id }) => id === run.workflow)?.published ?? undefined;
}

/** The runs that it came from. */
const Relations = ({ run }: { run: Run }) => (
  <>
    {run.retryOf && (
      <Link className="chip" href={`/runs/${run.retryOf}`}>
        {triggerOf(run)}
      </Link>
    )}
    {run.parent && (
      <Link
        className="chip wide"
        href={`/runs/${run.parent.run}?step=${encodeURIComponent(run.parent.node + run.parent.path)}`}
      >
        Called by {run.parent.run.slice(-6)}
      </Link>
    )}
  </>
);

function Cancel({ run }: { run: Run }) {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => cancelRun(run.id),
    onSettled: () => {
      setAsking(false);
      void client.invalidateQueries({ queryKey: ['run', run.id] });
    },
    onError: (error) => toast({ title: 'It was not cancelled.', text: error.message, state: 'failed' }),
  });
  useEffect(() => offer([{ id: 'run.cancel', title: 'Cancel the run', group: 'Run', run: () => setAsking(true) }]), []);
  const isDone = useRef(false);
  isDone.current = cancel.isSuccess;
  useEffect(
    () => () => {
      if (isDone.current) setTimeout(focusNext, afterDialogMs);
    },
    [],
  );
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        <CircleX className="i i-14" aria-hidden />
        Cancel
      </Button>
      <Confirm
        open={isAsking}
        title="Cancel this run?"
        says="What is on its way is stopped, and the runs that it called are cancelled too. What was sent already stays sent. It cannot go on afterwards, only be retried."
        act="Cancel the run"
        keep="Let it run"
        busy={cancel.isPending}
        onAct={() => cancel.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

/** By then the dialog that asked has given the focus back to the button, which is gone; milliseconds. */
const afterDialogMs = 100;

/** Whoever cancelled a run goes on where it can be retried. */
function focusNext(): void {
  if (document.activeElement === document.body) document.querySelector<HTMLElement>('.run-retry button')?.focus();
}

type RetryProps = Pick<RunBarProps, 'run' | 'steps' | 'facts' | 'document' | 'catalogue' | 'chosen'>;

/** What is retried: a node and what comes after it or all, on a version or the run's own. */
interface Wish {
  readonly from?: string;
  readonly version?: number;
}

/** Runs it again: from where it failed or whole, on the version that ran or the one that is live now. What would happen twice is asked about. */
function Retry({ run, steps, facts, document, catalogue, chosen }: RetryProps) {
  const [, go] = useLocation();
  const live = useLive(run);
  const [asked, setAsked] = useState<Wish>();
  const failed = run.error?.node ?? steps.findLast(({ status }) => status === 'failed')?.key;
  const from = failed ?? undefined;
  const isOlder = live !== undefined && run.version !== null && run.version !== undefined && live !== run.version;
  const again = useMutation({
    mutationFn: (wish: Wish) => retry(run.id, wish),
    onSuccess: ({ runId }) => go(`/runs/${runId}`),
    onError: (error) =>
      toast({
        title: 'It was not retried.',
        text: `${error.message}${error instanceof ApiError && error.mend ? ` ${error.mend}` : ''}`,
        state: 'failed',
      }),
    onSettled: () => setAsked(undefined),
  });
  const sentBy = (from: string | undefined) =>
    document && catalogue
      ? sentAgain({ document, catalogue, facts, steps: hasGoodRetry(run) ? undefined : steps }, from)
      : undefined;
  const isAsking = (wish: Wish) => hasGoodRetry(run) || sentBy(wish.from)?.length !== 0;
  // Whether it was asked only because what the run sent was not here yet: once it is known to be nothing, it goes on by itself.
  const [isGuess, setGuess] = useState(false);
  const send = (wish: Wish) => {
    setGuess(sentBy(wish.from) === undefined);
    if (isAsking(wish)) setAsked(wish);
    else again.mutate(wish);
  };
  const goesOn = isGuess && asked !== undefined && !again.isPending && !isAsking(asked);
  useEffect(() => {
    if (!goesOn) return;
    setGuess(false);
    again.mutate(asked);
  });
  // What was mended is what one wants to see run: the live version where there is a newer one.
  const newest = isOlder ? { version: live } : {};
  const main = from === undefined ? newest : { from, ...newest };
  // What went well is done: to do it again is nobody's next step.
  const tone = run.status === 'finished' || hasGoodRetry(run) ? {} : { tone: 'primary' as const };
  const places = [...new Set([from, chosen])].filter((key) => key !== undefined);
  useEffect(() => offer([{ id: 'run.retry', title: 'Retry the run', group: 'Run', run: () => send(main) }]));
  return (
    <div className="btn-pair run-retry">
      <Button {...tone} busy={again.isPending} onClick={() => send(main)}>
        <RotateCcw className="i i-14" aria-hidden />
        {/* What it is called is known with the document: its key would say nothing to whoever pressed at once. */}
        <Cut
          text={
            from === undefined || !document || !catalogue ? 'Retry' : `Retry from ${titleOf(document, from, catalogue)}`
          }
        />
      </Button>
      <Menu
        trigger={
          <Button {...tone} className="icon" aria-label="Other ways to retry">
            <ChevronDown className="i i-14" aria-hidden />
          </Button>
        }
      >
        {(isOlder ? [live, run.version ?? undefined] : [undefined]).map((version) => (
          <div key={version ?? 'same'}>
            {version !== undefined && (
              <MenuHead>{version === live ? `Version ${version}, live now` : `Version ${version}, as it ran`}</MenuHead>
            )}
            {places.map((key) => (
              <MenuItem key={key} onSelect={() => send({ from: key, ...(version === undefined ? {} : { version }) })}>
                <Cut text={`From ${titleOf(document, key, catalogue)}`} />
                <span className="after-cut">, keeping what came before</span>
              </MenuItem>
            ))}
            <MenuItem onSelect={() => send(version === undefined ? {} : { version })}>
              Run again from the start
            </MenuItem>
          </div>
        ))}
      </Menu>
      <Confirm
        open={asked !== undefined}
        title={hasGoodRetry(run) ? 'Retry it a second time?' : 'Retry this run?'}
        // What it was asked for may turn out to be nothing, once the run has loaded.
        says={
          asked
            ? [didAlready(run), againWords(sentBy(asked.from))].filter(Boolean).join(' ') ||
              'Nothing is sent a second time.'
            : ''
        }
        act="Retry anyway"
        keep="Leave it"
        busy={again.isPending}
        onAct={() => asked && again.mutate(asked)}
        onClose={() => setAsked(undefined)}
      />
    </div>
  );
}
