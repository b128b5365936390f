import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { workflowsQuery } from '../api/workflows.ts';
import { Mark } from '../ui/mark.tsx';
import type { Refused } from './going-live.ts';

/** Why publishing was refused, and the way to the workflow that is in its way. */
export function NotPublished({ refused: { message, workflow } }: { refused: Refused }) {
  const holder = useQuery({
    ...workflowsQuery,
    enabled: workflow !== undefined,
    select: (all) => all.find(({ id }) => id === workflow)?.name,
  }).data;
  return (
    <p className="note-bar" data-state="failed" role="alert">
      <Mark state="failed" />
      <span>
        <b>It was not published.</b> {message}
        {workflow !== undefined && (
          <>
            {' '}
            Taken by: <Link href={`/workflows/${encodeURIComponent(workflow)}`}>{holder ?? 'that workflow'}</Link>.
          </>
        )}
      </span>
    </p>
  );
}
