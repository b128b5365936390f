import { useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { toast } from '../ui/toast.ts';
import type { Need } from './attention.ts';
import { dismissRuns, recallRuns } from './dismissed.ts';
import './attention-list.css';

const most = 5;

/** What needs a person, the gravest first. */
export function AttentionList({ needs }: { needs: readonly Need[] }) {
  const [isWhole, setWhole] = useState(false);
  return (
    <ul className="box">
      {needs.slice(0, isWhole ? undefined : most).map((need) => (
        <li key={need.to + need.title + need.says} className="need">
          <Mark state={need.kind} />
          <span className="grow cut" title={`${need.title} ${need.says}`}>
            <b>{need.title}</b> <span>{need.says}</span>
          </span>
          <span className="row need-acts">
            {need.runs && <Dismiss need={need} runs={need.runs} />}
            <Link className="btn sm" href={need.to} aria-label={`${need.verb}: ${need.title}, ${need.says}`}>
              {need.verb}
            </Link>
          </span>
        </li>
      ))}
      {needs.length > most && !isWhole && (
        <li className="need-more">
          <button type="button" className="link-button small" onClick={() => setWhole(true)}>
            Show {needs.length - most} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Dismiss({ need, runs }: { need: Need; runs: readonly string[] }) {
  const dismiss = () => {
    dismissRuns(runs);
    toast({
      title: runs.length === 1 ? 'Dismissed in this browser' : `${runs.length} runs dismissed in this browser`,
      text: 'It stays in the list of runs.',
      undo: () => recallRuns(runs),
    });
  };
  return (
    <Button tone="quiet" size="sm" aria-label={`Dismiss: ${need.title}, ${need.says}`} onClick={dismiss}>
      Dismiss
    </Button>
  );
}
