import type { ReactNode } from 'react';
import type { Issue } from '../../flow/document/workflow.ts';
import { Mark } from '../ui/mark.tsx';
import { isTold } from './calm.ts';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Desk } from './desk.ts';
import { select } from './editing.ts';
import { nodeName } from '../../flow/document/node-name.ts';
import { isOfSettings } from './kept-issues.ts';
import './Editor.css';
import './issue-list.css';

/** Everything that is wrong with the draft; a press goes to where it is. */
export default function IssueList() {
  const desk = useDesk();
  const issues = useEditor((state) => state.issues);
  const nodes = useEditor(({ history }) => history.document.nodes);
  const catalogue = useEditor((state) => state.catalogue);
  const told = useEditor((state) => state.told);
  const titles = new Map(nodes.map((node) => [node.key, nodeName(catalogue, node)]));
  return (
    <aside className="panel side-panel is-flyout" aria-label="Issues">
      <h2 className="panel-head strong">Issues</h2>
      <div className="scrolls side-list">
        {issues.length === 0 && <p className="empty">No problems in this draft.</p>}
        <ul className="col gap-2">
          {issues.slice(0, 200).map((issue, index) => (
            <li key={index}>
              <IssueRow issue={issue} isFirst={index === 0} go={() => goTo(desk, issue)}>
                <Mark state={issue.level !== 'error' ? 'doubt' : isTold(told, issue) ? 'failed' : 'queued'} small />
                <span className="grow">
                  <b>{placeOf(issue, titles)}</b>
                  <span className="small t2"> {issue.message}</span>
                  <span className="small t3"> {issue.mend}</span>
                </span>
              </IssueRow>
            </li>
          ))}
        </ul>
      </div>
    </aside>
  );
}

/** What an Issue is about: a node by its name, the settings, or the workflow as a whole. */
function placeOf({ where: { node, setting } }: Issue, titles: ReadonlyMap<string, string>): string {
  if (node !== undefined) return titles.get(node) ?? node;
  return setting === undefined ? 'The workflow' : 'Workflow settings';
}

interface RowProps {
  readonly issue: Issue;
  readonly isFirst: boolean;
  readonly go: () => void;
  readonly children: ReactNode;
}

/** What is about a node is pressed to go there; what is about the workflow as a whole leads nowhere, and is no button. */
function IssueRow({ issue, isFirst, go, children }: RowProps) {
  const focus = isFirst ? 'issues' : undefined;
  if (issue.where.node === undefined)
    return (
      <div className="issue-row" data-focus={focus} tabIndex={-1}>
        {children}
      </div>
    );
  return (
    <button type="button" className="issue-row" data-focus={focus} onClick={go}>
      {children}
    </button>
  );
}

/** Chooses the node that an Issue is about, shows it, and opens its form with the focus where it is fixed. */
export function goTo(desk: Desk, issue: Issue): void {
  const { node, param } = issue.where;
  if (node === undefined) return;
  select(desk.store, { nodes: new Set([node]) });
  desk.store.setState({ formTab: isOfSettings(issue) ? 'settings' : 'params' });
  desk.camera.show([node]);
  desk.focus('form', param);
}
