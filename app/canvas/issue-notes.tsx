import type { Issue } from '../../flow/document/workflow.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { Mark } from '../ui/mark.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { goTo } from './issue-list.tsx';

const most = 8;

interface NotesProps {
  readonly issues: readonly Issue[];
  readonly state: 'failed' | 'doubt';
  readonly close: () => void;
}

/** Issues inside a dialog, each with the way to its node; the first eight. */
export function IssueNotes({ issues, state, close }: NotesProps) {
  const desk = useDesk();
  const nodes = useEditor(({ history }) => history.document.nodes);
  const catalogue = useEditor((editor) => editor.catalogue);
  const titles = new Map(nodes.map((node) => [node.key, nodeName(catalogue, node)]));
  const go = (issue: Issue) => {
    close();
    goTo(desk, issue);
  };
  return (
    <div className="col gap-6">
      {issues.slice(0, most).map((issue, index) => (
        <button key={index} type="button" className="note-bar" data-state={state} onClick={() => go(issue)}>
          <Mark state={state} />
          <span>
            <b>{(issue.where.node && titles.get(issue.where.node)) ?? issue.where.node ?? 'The workflow'}:</b>{' '}
            {issue.message} {issue.mend}
          </span>
        </button>
      ))}
      {issues.length > most && <p className="t3 small">And {issues.length - most} more.</p>}
    </div>
  );
}
