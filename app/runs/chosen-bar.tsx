import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleX, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { cancelRun, retryOneOfMany } from '../api/runs.ts';
import type { Run } from '../../flow/contract/run.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Confirm } from '../ui/confirm.tsx';
import { toast } from '../ui/toast.ts';
import { counted } from '../ui/when.ts';
import { goesOnFrom, retryWords, toRetry } from './left-out.ts';
import './chosen-bar.css';

const isOver = ({ status }: Run) => status === 'finished' || status === 'failed' || status === 'cancelled';

/**
 * What can be done with the runs that are chosen: those that are over can be retried, the others cancelled. What a retry did already, or is
 * about to, is left out: it would happen twice. Many are retried from the start, so it is asked first.
 */
export function ChosenBar({ runs, clear }: { runs: readonly Run[]; clear: () => void }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState<'retry' | 'cancel'>();
  const over = runs.filter(isOver);
  const open = runs.filter((run) => !isOver(run));
  const { runs: lost, says } = toRetry(over);
  const act = useMutation({
    mutationFn: ({ act: one, some }: { act: 'retry' | 'cancel'; some: readonly Run[] }) =>
      Promise.allSettled(
        some.map((run) => (one === 'retry' ? retryOneOfMany(run.id, goesOnFrom(run)) : cancelRun(run.id))),
      ),
    onSuccess: (results, { act: one }) => {
      const refused = results.filter((result) => result.status === 'rejected');
      const [first] = refused;
      const done = counted(results.length - refused.length, 'run');
      toast({
        // How a retry ends is seen in the list.
        title: one === 'retry' ? `Retry of ${done} started` : `${done} cancelled`,
        ...(first
          ? {
              state: 'failed' as const,
              text: `${counted(refused.length, 'run')} not: ${first.reason instanceof Error ? first.reason.message : ''}`,
            }
          : {}),
      });
      setAsking(undefined);
      clear();
      void client.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const send = (one: 'retry' | 'cancel', some: readonly Run[]) => act.mutate({ act: one, some });
  return (
    <div className="float chosen-bar" role="region" aria-label="Chosen runs">
      <b className="num">{runs.length} chosen</b>
      <span className="t2 small cut">{says || sameFault(over)}</span>
      <span className="grow" />
      {open.length > 0 && (
        <Button busy={act.isPending} onClick={() => setAsking('cancel')}>
          <CircleX className="i i-14" aria-hidden />
          Cancel {open.length}
        </Button>
      )}
      {lost.length > 0 && (
        <Button
          {...(lost.some(({ status }) => status === 'finished') ? {} : { tone: 'primary' })}
          busy={act.isPending}
          onClick={() => setAsking('retry')}
        >
          <RotateCcw className="i i-14" aria-hidden />
          Retry {lost.length}
        </Button>
      )}
      <IconButton label="Choose none" size="sm" onClick={clear}>
        <X className="i i-14" aria-hidden />
      </IconButton>
      <Confirm
        open={asking === 'cancel'}
        title={`Cancel ${counted(open.length, 'run')}?`}
        says="What is on its way is stopped. What was sent already stays sent. They cannot go on afterwards, only be retried."
        act="Cancel them"
        keep="Let them run"
        busy={act.isPending}
        onAct={() => send('cancel', open)}
        onClose={() => setAsking(undefined)}
      />
      <Confirm
        open={asking === 'retry'}
        title={`Retry ${counted(lost.length, 'run')}?`}
        says={retryWords(lost)}
        act="Retry them"
        keep="Leave them"
        busy={act.isPending}
        onAct={() => send('retry', lost)}
        onClose={() => setAsking(undefined)}
      />
    </div>
  );
}

/** What they have in common, when they all failed alike. */
function sameFault(runs: readonly Run[]): string {
  const codes = new Set(runs.map(({ error }) => error?.code));
  const [code] = codes;
  return runs.length > 1 && codes.size === 1 && code !== undefined ? 'same fault' : '';
}
