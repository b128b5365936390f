import type { Issue } from '../../flow/document/workflow.ts';
import { ChangeList } from './change-list.tsx';
import type { compare } from './compare.ts';
import { useEditor } from './desk-context.tsx';
import type { Refused } from './going-live.ts';
import { IssueNotes } from './issue-notes.tsx';
import { NotPublished } from './not-published.tsx';
import { Grants } from './publish-grants.tsx';

/** What publishing would be refused for: errors, and a path that another workflow has, which is only a warning while one draws. */
export const inTheWay = (issues: readonly Issue[]): Issue[] =>
  issues.filter(({ level, code }) => level === 'error' || code === 'path-taken');

/** What publishing brings; nothing is promised while something keeps it from being done. */
export function publishWords(isLive: boolean, isBlocked: boolean): string {
  if (isBlocked)
    return `Fix what is listed first. ${isLive ? 'What is live stays as it is.' : 'Until then it is a draft.'}`;
  return isLive
    ? 'Runs in progress finish on the version they began with.'
    : 'From then on its triggers listen, and each change is a draft until it is published.';
}

interface NotesProps {
  readonly changes: ReturnType<typeof compare> | undefined;
  readonly refused: Refused | undefined;
  readonly close: () => void;
}

/** What stands in the way of publishing; where nothing does, what becomes different, and what is promised from then on. */
export function PublishNotes({ changes, refused, close }: NotesProps) {
  const document = useEditor(({ history }) => history.document);
  const live = useEditor((state) => state.published);
  const issues = useEditor((state) => state.issues);
  const blocking = inTheWay(issues);
  // They keep nobody from publishing, but nothing else on the canvas says them.
  const warnings = issues.filter((issue) => issue.level === 'warning' && !blocking.includes(issue));
  const isSaid = refused?.workflow !== undefined && blocking.some(({ code }) => code === 'path-taken');
  if (blocking.length > 0)
    return (
      <>
        {refused && !isSaid && <NotPublished refused={refused} />}
        <IssueNotes issues={blocking} state="failed" close={close} />
      </>
    );
  return (
    <>
      {refused && <NotPublished refused={refused} />}
      {changes && <ChangeList changes={changes} />}
      {warnings.length > 0 && <IssueNotes issues={warnings} state="doubt" close={close} />}
      <Grants document={document} live={live?.document} />
    </>
  );
}
